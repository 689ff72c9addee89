import Scheduler
import Testing

@Suite("The policy manual in units") struct ManualBudgetUnitsTests {
  private static let names = ["hidden1", "hidden2", "output"]
  private let budget = Self.budget([("*", 0.5), ("hidden2", 0.1)])

  private static func budget(_ densities: [(String, Double)]) -> Budget {
    Budget(
      policy: .manual, granularity: .unit,
      rules: densities.map { try! LayerRule(LayerPattern($0), density: $1) })
  }

  /// What `budget` states, with `kept` layers kept.
  private func limits(_ budget: Budget? = nil, keeping kept: Int? = nil) throws -> [LayerLimits] {
    try (budget ?? self.budget).limits(of: Self.names).enumerated().map { index, limits in
      try LayerLimits(keep: index == kept, stated: limits.stated)
    }
  }

  private func layers(first: Int? = nil) throws -> [LayerProfile] {
    [
      try LayerProfile(name: "hidden1", outputs: 20, inputs: 8, remaining: first),
      try LayerProfile(name: "hidden2", outputs: 10, inputs: 20),
      try LayerProfile(name: "output", outputs: 4, inputs: 10),
    ]
  }

  @Test("the total follows from the units that stay; a kept layer keeps those on both sides")
  func total() throws {
    #expect(try budget.statedTotal(of: layers(), limits: limits()) == 8 * 10 + 10 * 1 + 1 * 4)
    #expect(
      try budget.statedTotal(of: layers(), limits: limits(keeping: 2)) == 8 * 10 + 10 * 10 + 40)
    #expect(
      try budget.statedTotal(of: layers(), limits: limits(keeping: 1))
        == 8 * 20 + 20 * 10 + 10 * 4)
    // At least one unit stays.
    let little = Self.budget([("*", 0.001)])
    #expect(try little.statedTotal(of: layers(), limits: limits(little)) == 8 + 1 + 4)
  }

  @Test("units beyond the stated ones go, each layer's claim being what it keeps")
  func keys() throws {
    let half = try Sparsity(0.5)
    let layers = [
      UnitProfile(inputs: 8, scores: Array(repeating: 0, count: 20), stated: half),
      UnitProfile(
        inputs: 20, scores: (0..<10).map { $0 < 3 ? nil : 0 }, stated: try Sparsity(0.9)),
      UnitProfile(inputs: 3, scores: [0, 1], stated: half),
      UnitProfile(inputs: 3, scores: [0, 1]),
    ]
    let order = try #require(budget.unitRule).order(of: layers)
    #expect(order.count { $0.layer == 0 } == 10)
    #expect(order.count { $0.layer == 1 } == 6)
    #expect(order.count { $0.layer == 2 } == 1)
    #expect(order.count { $0.layer == 3 } == 0)
    // 1/13 is less than 10/39: hidden2 has farther to go.
    #expect(order[0] == UnitPlace(layer: 1, unit: 3))
  }

  @Test("layers that nothing is said of, or that are not dense, are refused")
  func refusals() throws {
    let partial = Self.budget([("hidden1", 0.5)])
    #expect(throws: BudgetError.layerNotStated(layer: "hidden2")) {
      try partial.statedTotal(of: layers(), limits: limits(partial))
    }
    #expect(
      throws: BudgetError.unitsNotDense(layer: "hidden1", remaining: 159, weights: 160)
    ) { try budget.statedTotal(of: layers(first: 159), limits: limits()) }
  }
}
