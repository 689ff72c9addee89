import Scheduler
import Testing

@Suite("BudgetDemand") struct BudgetDemandTests {
  private let layers = [
    try! LayerProfile(name: "hidden1", outputs: 100, inputs: 64),
    try! LayerProfile(name: "hidden2", outputs: 20, inputs: 100, remaining: 1500),
    try! LayerProfile(name: "output", outputs: 10, inputs: 20),
  ]

  @Test("too few weights name the limit that binds and the nearest feasible target")
  func tooFew() throws {
    let limits = try [
      LayerLimits(minimumDensity: 0.01), LayerLimits(maximumSparsity: Sparsity(0.95)),
      LayerLimits(keep: true),
    ]
    // 64 + 100 + 200 of 8,600: sparsity 0.957674
    let error = #expect(throws: BudgetError.self) {
      try BudgetDemand(keeping: 363, of: layers, limits: limits)
    }
    #expect(
      error?.description
        == "cannot prune to 363 of 8600 weights: the limits keep 364, most of them in output "
        + "(keep: 200); the nearest feasible target is sparsity 0.9577")
    #expect(try Sparsity(0.9577).kept(of: 8600) == 364)
    #expect(try BudgetDemand(keeping: 364, of: layers, limits: limits).kept == 364)
  }

  @Test("more than is left, and less than nothing")
  func tooMany() throws {
    let limits = Array(repeating: try LayerLimits(allowsEmpty: true), count: 3)
    #expect(throws: BudgetError.tooManyKept(demanded: 8101, feasible: 8100, total: 8600)) {
      try BudgetDemand(keeping: 8101, of: layers, limits: limits)
    }
    #expect(
      throws: BudgetError.tooFewKept(demanded: -1, feasible: 0, total: 8600, binding: nil)
    ) { try BudgetDemand(keeping: -1, of: layers, limits: limits) }
  }

  @Test("one weight a layer is the least, and can be asked away")
  func oneWeight() throws {
    let one = Array(repeating: LayerLimits.none, count: 3)
    #expect(try BudgetDemand(keeping: 3, of: layers, limits: one).bounds.map(\.least) == [1, 1, 1])
    let error = #expect(throws: BudgetError.self) {
      try BudgetDemand(keeping: 2, of: layers, limits: one)
    }
    #expect(error?.description.contains("hidden1 (at least one weight: 1)") == true)
  }

  @Test("possible counts are what brute force over all divisions finds")
  func possible() throws {
    for seed in 0..<40 as Range<UInt64> {
      let scenario = try Scenario(seed: seed, count: 3, size: 3)
      for kept in scenario.range {
        let demand = try scenario.demand(kept)
        var seen = Array(repeating: Set<Int>(), count: demand.layers.count)
        for counts in divisions(of: kept, within: demand.bounds[...]) {
          for (layer, count) in counts.enumerated() { seen[layer].insert(count) }
        }
        #expect(demand.possibleCounts.map { Set($0) } == seen)
      }
    }
  }

  private func divisions(of kept: Int, within bounds: ArraySlice<LayerBounds>) -> [[Int]] {
    guard let first = bounds.first else { return kept == 0 ? [[]] : [] }
    return (first.least...first.most).flatMap { count in
      divisions(of: kept - count, within: bounds.dropFirst()).map { [count] + $0 }
    }
  }
}
