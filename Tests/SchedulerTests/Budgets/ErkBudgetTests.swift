import Scheduler
import Testing

@Suite("ErkBudget") struct ErkBudgetTests {
  private let layers = [
    try! LayerProfile(name: "hidden1", outputs: 300, inputs: 784),
    try! LayerProfile(name: "hidden2", outputs: 100, inputs: 300),
    try! LayerProfile(name: "output", outputs: 10, inputs: 100),
  ]

  @Test("784-300-100-10 at 0.9: the output stays whole, its surplus goes to the others")
  func golden() throws {
    let limits = Array(repeating: LayerLimits.none, count: 3)
    let demand = try BudgetDemand(keeping: 26_620, of: layers, limits: limits)
    // 110·26,620/1,594 = 1,837 > 1,000; then 25,620/1,484 = 17.264 for 1,084 and 400
    #expect(try BudgetPolicy.erk.rule.counts(demand) == [18_714, 6906, 1000])
  }

  @Test("784-300-100-10 at 0.99: nothing is capped")
  func sparse() throws {
    let limits = Array(repeating: LayerLimits.none, count: 3)
    let demand = try BudgetDemand(keeping: 2662, of: layers, limits: limits)
    // 2,662/1,594 = 1.67001 for 1,084, 400 and 110: 1,810.3, 668.0, 183.7
    #expect(try BudgetPolicy.erk.rule.counts(demand) == [1810, 668, 184])
  }

  @Test("as handing out one weight at a time")
  func reference() throws {
    for seed in 0..<60 as Range<UInt64> {
      let scenario = try Scenario(seed: seed, size: 8)
      for total in scenario.range {
        let demand = try scenario.demand(total)
        let shares = demand.layers.map { $0.inputs + $0.outputs }
        #expect(try BudgetPolicy.erk.rule.counts(demand) == handingOut(demand, shares: shares))
      }
    }
  }
}
