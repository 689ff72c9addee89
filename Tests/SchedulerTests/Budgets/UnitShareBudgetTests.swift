import Scheduler
import Testing

@Suite("UnitShareBudget") struct UnitShareBudgetTests {
  private let budget = UnitShareBudget([
    ManualBudget.Rule(LayerPattern("*"), sparsity: Sparsity(testing: 0.5)),
    ManualBudget.Rule(LayerPattern("hidden2"), sparsity: Sparsity(testing: 0.9)),
  ])

  private func layers(first: Int? = nil) throws -> [LayerProfile] {
    [
      try LayerProfile(name: "hidden1", outputs: 20, inputs: 8, remaining: first),
      try LayerProfile(name: "hidden2", outputs: 10, inputs: 20),
      try LayerProfile(name: "output", outputs: 4, inputs: 10),
    ]
  }

  @Test("the total follows from the units that stay; a kept layer keeps those on both sides")
  func total() throws {
    let none = [LayerLimits.none, .none, .none]
    #expect(try budget.statedTotal(of: layers(), limits: none) == 8 * 10 + 10 * 1 + 1 * 4)
    let keep = try LayerLimits(keep: true)
    #expect(
      try budget.statedTotal(of: layers(), limits: [.none, .none, keep]) == 8 * 10 + 10 * 10 + 40)
    #expect(
      try budget.statedTotal(of: layers(), limits: [.none, keep, .none])
        == 8 * 20 + 20 * 10 + 10 * 4)
    // At least one unit stays.
    let little = UnitShareBudget([
      ManualBudget.Rule(LayerPattern("*"), sparsity: Sparsity(testing: 0.999))
    ])
    #expect(try little.statedTotal(of: layers(), limits: none) == 8 + 1 + 4)
  }

  @Test("units beyond the stated ones go, each layer's claim being what it keeps")
  func keys() {
    let layers = [
      UnitProfile(name: "hidden1", inputs: 8, scores: Array(repeating: 0, count: 20)),
      UnitProfile(name: "hidden2", inputs: 20, scores: (0..<10).map { $0 < 3 ? nil : 0 }),
      UnitProfile(name: "other", inputs: 3, scores: [0, 1]),
    ]
    let order = budget.order(of: layers)
    #expect(order.count { $0.layer == 0 } == 10)
    #expect(order.count { $0.layer == 1 } == 6)
    #expect(order.count { $0.layer == 2 } == 1)
    // 1/13 is less than 10/39: hidden2 has farther to go.
    #expect(order[0] == UnitPlace(layer: 1, unit: 3))
    #expect(UnitShareBudget([]).keys(of: layers[0]) == [])
  }

  @Test("layers that nothing is said of, or that are not dense, are refused")
  func refusals() throws {
    let none = [LayerLimits.none, .none, .none]
    let partial = UnitShareBudget([
      ManualBudget.Rule(LayerPattern("hidden1"), sparsity: Sparsity(testing: 0.5))
    ])
    #expect(throws: BudgetError.layerNotStated(layer: "hidden2")) {
      try partial.statedTotal(of: layers(), limits: none)
    }
    #expect(
      throws: BudgetError.unitsNotDense(layer: "hidden1", remaining: 159, weights: 160)
    ) { try budget.statedTotal(of: layers(first: 159), limits: none) }
  }
}
