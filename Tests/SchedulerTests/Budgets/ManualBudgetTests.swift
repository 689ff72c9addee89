import Scheduler
import Testing

@Suite("ManualBudget") struct ManualBudgetTests {
  private let layers = [
    try! LayerProfile(name: "hidden1", outputs: 300, inputs: 784),
    try! LayerProfile(name: "hidden2", outputs: 100, inputs: 300),
    try! LayerProfile(name: "output", outputs: 10, inputs: 100),
  ]
  private let limits = Array(repeating: LayerLimits.none, count: 3)
  private let budget = Budget(
    policy: .manual,
    rules: [
      try! LayerRule(LayerPattern("*"), density: 0.01),
      try! LayerRule(LayerPattern("hidden2"), density: 0.05),
      try! LayerRule(LayerPattern("output"), density: 0.5),
    ])

  /// `limits` with what `budget` states.
  private func stated(_ limits: [LayerLimits]) throws -> [LayerLimits] {
    try zip(limits, budget.limits(of: layers.map(\.name))).map { own, stated in
      try LayerLimits(
        keep: own.keep, minimumDensity: own.minimumDensity, allowsEmpty: own.allowsEmpty,
        stated: stated.stated)
    }
  }

  @Test("at the stated total every layer is at its stated sparsity")
  func stated() throws {
    let total = try #require(try budget.statedTotal(of: layers, limits: stated(limits)))
    #expect(total == 2352 + 1500 + 500)
    let demand = try BudgetDemand(keeping: total, of: layers, limits: stated(limits))
    #expect(try budget.keptCounts(demand) == [2352, 1500, 500])
  }

  @Test("above it densities are larger by one factor, capped at the whole layer")
  func scaled() throws {
    let twice = try BudgetDemand(keeping: 8704, of: layers, limits: stated(limits))
    #expect(try budget.keptCounts(twice) == [4704, 3000, 1000])
    // 1,000 of the output, then a factor of 10 for 2,352 and 1,500.
    let more = try BudgetDemand(keeping: 39_520, of: layers, limits: stated(limits))
    #expect(try budget.keptCounts(more) == [23_520, 15_000, 1000])
  }

  @Test("below it the demand is refused, with the layer that binds")
  func below() throws {
    let demand = try BudgetDemand(keeping: 4351, of: layers, limits: stated(limits))
    let error = #expect(throws: BudgetError.self) { try budget.keptCounts(demand) }
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
    #expect(try budget.statedTotal(of: pruned, limits: stated(limits)) == 100 + 3000 + 1000)
    let demand = try BudgetDemand(keeping: 4200, of: pruned, limits: stated(limits))
    #expect(try budget.keptCounts(demand) == [100, 3100, 1000])
  }

  @Test("every layer that is not kept has to be stated")
  func unstated() throws {
    let own = try LayerLimits(stated: Sparsity(0.9))
    let limits = [own, own, .none]
    #expect(throws: BudgetError.layerNotStated(layer: "output")) {
      try budget.statedTotal(of: layers, limits: limits)
    }
    let kept = [own, own, try LayerLimits(keep: true)]
    #expect(try budget.statedTotal(of: layers, limits: kept) == 23_520 + 3000 + 1000)
    let demand = try BudgetDemand(keeping: 30_000, of: layers, limits: limits)
    #expect(throws: BudgetError.layerNotStated(layer: "output")) {
      try budget.keptCounts(demand)
    }
  }

  @Test("a layer stated down to nothing keeps one weight unless it may be empty")
  func nothing() throws {
    let layer = [try LayerProfile(name: "a", outputs: 1, inputs: 10)]
    let stated = try LayerLimits(stated: Sparsity(0.99))
    #expect(try budget.statedTotal(of: layer, limits: [stated]) == 1)
    let empty = try LayerLimits(allowsEmpty: true, stated: Sparsity(0.99))
    #expect(try budget.statedTotal(of: layer, limits: [empty]) == 0)
    let demand = try BudgetDemand(keeping: 0, of: layer, limits: [empty])
    #expect(try budget.keptCounts(demand) == [0])
  }
}
