import Scheduler
import Testing

@Suite("Groups as a budget") struct GroupPatternDivisionTests {
  private let pattern = GroupPattern(keep: 2, of: 4)
  private var budget: Budget { Budget(granularity: .groups(pattern)) }

  private func layers(remaining: [Int?] = [nil, nil]) throws -> [LayerProfile] {
    [
      try LayerProfile(name: "hidden1", outputs: 5, inputs: 10, remaining: remaining[0]),
      try LayerProfile(name: "output", outputs: 3, inputs: 5, remaining: remaining[1]),
    ]
  }

  @Test("counts follow from shapes, and the total from them")
  func counts() throws {
    let layers = try layers()
    let limits = [LayerLimits.none, .none]
    let total = try #require(try budget.statedTotal(of: layers, limits: limits))
    #expect(total == 5 * 5 + 3 * 3)
    let demand = try BudgetDemand(keeping: total, of: layers, limits: limits)
    #expect(try budget.keptCounts(demand) == [25, 9])
    #expect(budget.name == "n_of_m" && budget.rule.basis == .shapes && budget.goal == .stated)
  }

  @Test("a kept layer keeps what it has, dense or not")
  func keep() throws {
    let layers = try layers(remaining: [nil, 7])
    let limits = [LayerLimits.none, try LayerLimits(keep: true)]
    #expect(try budget.statedTotal(of: layers, limits: limits) == 25 + 7)
  }

  @Test("other totals, layers that are not dense and limits above are refused")
  func refusals() throws {
    let none = [LayerLimits.none, .none]
    let demand = try BudgetDemand(keeping: 30, of: layers(), limits: none)
    #expect(
      throws: BudgetError.groupTotal(
        pattern: pattern, demanded: 30, stated: 34, total: 65)
    ) { try budget.keptCounts(demand) }
    #expect(
      throws: BudgetError.groupsNotDense(
        layer: "output", pattern: pattern, remaining: 14, weights: 15)
    ) { try budget.statedTotal(of: layers(remaining: [nil, 14]), limits: none) }
    let dense = [try LayerLimits(minimumDensity: 0.6), .none]
    #expect(
      throws: BudgetError.groupsBelowLimit(
        layer: "hidden1", pattern: pattern, count: 25, least: 30)
    ) { try budget.statedTotal(of: layers(), limits: dense) }
  }

  @Test("thousand layers of one weight, which all stay")
  func thousand() throws {
    let layers = try (0..<1000).map {
      try LayerProfile(name: "hidden\($0 + 1)", outputs: 1, inputs: 1)
    }
    let limits = layers.map { _ in LayerLimits.none }
    let demand = try BudgetDemand(keeping: 1000, of: layers, limits: limits)
    #expect(try budget.keptCounts(demand) == Array(repeating: 1, count: 1000))
  }
}
