import Scheduler
import Testing

@Suite("ManualBudget") struct ManualBudgetTests {
  private let layers = [
    try! LayerProfile(name: "hidden1", outputs: 300, inputs: 784),
    try! LayerProfile(name: "hidden2", outputs: 100, inputs: 300),
    try! LayerProfile(name: "output", outputs: 10, inputs: 100),
  ]
  private let limits = Array(repeating: LayerLimits.none, count: 3)

  private func budget() throws -> ManualBudget {
    .manual([
      .init(LayerPattern("*"), sparsity: try Sparsity(0.99)),
      try .init(LayerPattern("hidden2"), density: 0.05),
      try .init(LayerPattern("output"), density: 0.5),
    ])
  }

  @Test("at the stated total every layer is at its stated sparsity")
  func stated() throws {
    let budget = try budget()
    let total = try budget.statedTotal(of: layers, limits: limits)
    #expect(total == 2352 + 1500 + 500)
    let demand = try BudgetDemand(keeping: total, of: layers, limits: limits)
    #expect(try budget.keptCounts(demand) == [2352, 1500, 500])
  }

  @Test("above it densities are larger by one factor, capped at the whole layer")
  func scaled() throws {
    let budget = try budget()
    let twice = try BudgetDemand(keeping: 8704, of: layers, limits: limits)
    #expect(try budget.keptCounts(twice) == [4704, 3000, 1000])
    // 1,000 of the output, then a factor of 10 for 2,352 and 1,500.
    let more = try BudgetDemand(keeping: 39_520, of: layers, limits: limits)
    #expect(try budget.keptCounts(more) == [23_520, 15_000, 1000])
  }

  @Test("below it the demand is refused, with the layer that binds")
  func below() throws {
    let demand = try BudgetDemand(keeping: 4351, of: layers, limits: limits)
    let error = #expect(throws: BudgetError.self) { try budget().keptCounts(demand) }
    guard case .tooFewKept(4351, 4352, 266_200, let binding) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(binding?.layer == "hidden1")
    #expect(binding?.constraint == .stated(try Sparsity(0.99)))
    #expect(binding?.least == 2352)
  }

  @Test("limits outrank what is stated, and removed weights do not come back")
  func limited() throws {
    let pruned = [try layers[0].with(remaining: 100), layers[1], layers[2]]
    let limits = [.none, try LayerLimits(minimumDensity: 0.1), try LayerLimits(keep: true)]
    let budget = try budget()
    #expect(try budget.statedTotal(of: pruned, limits: limits) == 100 + 3000 + 1000)
    let demand = try BudgetDemand(keeping: 4200, of: pruned, limits: limits)
    #expect(try budget.keptCounts(demand) == [100, 3100, 1000])
  }

  @Test("every layer that is not kept has to be stated")
  func unstated() throws {
    let budget = ManualBudget([.init(LayerPattern("hidden*"), sparsity: try Sparsity(0.9))])
    #expect(throws: BudgetError.layerNotStated(layer: "output")) {
      try budget.statedTotal(of: layers, limits: limits)
    }
    let kept = [.none, .none, try LayerLimits(keep: true)]
    #expect(try budget.statedTotal(of: layers, limits: kept) == 23_520 + 3000 + 1000)
    let demand = try BudgetDemand(keeping: 30_000, of: layers, limits: limits)
    #expect(throws: BudgetError.layerNotStated(layer: "output")) {
      try budget.keptCounts(demand)
    }
  }

  @Test("unknown layers and impossible densities are refused")
  func refuses() throws {
    let budget = ManualBudget([.init(LayerPattern("ouput"), sparsity: .zero)])
    #expect(throws: BudgetError.self) { try budget.statedTotal(of: layers, limits: limits) }
    for density in [0, -0.1, 1.1, .nan] {
      #expect(throws: BudgetError.self) {
        try ManualBudget.Rule(LayerPattern("*"), density: density)
      }
    }
    #expect(try ManualBudget.Rule(LayerPattern("*"), density: 1).sparsity == .zero)
  }

  @Test("a layer stated down to nothing keeps one weight unless it may be empty")
  func nothing() throws {
    let layer = [try LayerProfile(name: "a", outputs: 1, inputs: 10)]
    let budget = ManualBudget([.init(LayerPattern("a"), sparsity: try Sparsity(0.99))])
    #expect(try budget.statedTotal(of: layer, limits: [.none]) == 1)
    let empty = try LayerLimits(allowsEmpty: true)
    #expect(try budget.statedTotal(of: layer, limits: [empty]) == 0)
    let demand = try BudgetDemand(keeping: 0, of: layer, limits: [empty])
    #expect(try budget.keptCounts(demand) == [0])
  }
}
