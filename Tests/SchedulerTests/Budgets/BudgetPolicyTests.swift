import Scheduler
import Testing

/// What holds for every policy.
@Suite("BudgetPolicy") struct BudgetPolicyTests {
  private static let seeds: Range<UInt64> = 0..<60

  @Test("counts sum exactly and are within bounds", arguments: Policy.allCases)
  func exact(policy: Policy) throws {
    for seed in Self.seeds {
      let scenario = try Scenario(seed: seed)
      var random = SplitMix64(seed: seed)
      let range = try feasible(scenario, policy)
      let totals = [range.lowerBound, range.upperBound, .random(in: range, using: &random)]
      for total in totals {
        let demand = try scenario.demand(total)
        let counts = try policy.value.keptCounts(demand)
        #expect(counts.reduce(0, +) == total)
        #expect(
          zip(counts, demand.bounds).allSatisfy { $0 >= $1.least && $0 <= $1.most })
        #expect(zip(counts, demand.possibleCounts).allSatisfy { $1.contains($0) })
      }
    }
  }

  @Test("keeping one weight less takes it from one layer", arguments: Policy.allCases)
  func monotone(policy: Policy) throws {
    for seed in Self.seeds.prefix(20) {
      let scenario = try Scenario(seed: seed, size: 6)
      let range = try feasible(scenario, policy)
      var last = try policy.value.keptCounts(scenario.demand(range.upperBound))
      for total in range.dropLast().reversed() {
        let counts = try policy.value.keptCounts(scenario.demand(total))
        #expect(zip(counts, last).allSatisfy { $0 <= $1 })
        last = counts
      }
    }
  }

  @Test("over rounds with new importances no layer gets weights back", arguments: Policy.allCases)
  func rounds(policy: Policy) throws {
    for seed in Self.seeds {
      var scenario = try Scenario(seed: seed)
      let range = try feasible(scenario, policy)
      var last = scenario.layers.map(\.remaining)
      for round in 1...6 {
        let total = range.upperBound - (range.upperBound - range.lowerBound) * round / 6
        let counts = try policy.value.keptCounts(scenario.demand(total))
        #expect(counts.reduce(0, +) == total)
        #expect(zip(counts, last).allSatisfy { $0 <= $1 })
        try scenario.prune(to: counts, seed: seed &* 7 &+ UInt64(round))
        last = counts
      }
    }
  }

  @Test(
    "earlier rounds leave no trace where counts are fixed in advance",
    arguments: Policy.allCases.filter { $0.value.fixesCountsInAdvance })
  func pathIndependent(policy: Policy) throws {
    for seed in Self.seeds {
      let scenario = try Scenario(seed: seed)
      let range = try feasible(scenario, policy)
      let totals = (0...7).map { range.upperBound - (range.upperBound - range.lowerBound) * $0 / 7 }
      let planned = try policy.value.plannedCounts(
        keeping: totals, of: scenario.layers, limits: scenario.limits)
      #expect(
        try planned == totals.map { try policy.value.keptCounts(scenario.demand($0)) })
    }
  }

  @Test("reordering the layers reorders the counts", arguments: Policy.allCases)
  func permutation(policy: Policy) throws {
    for seed in Self.seeds {
      let scenario = try Scenario(seed: seed, distinct: true)
      var random = SplitMix64(seed: seed)
      let order = Array(scenario.layers.indices).shuffled(using: &random)
      var permuted = scenario
      permuted.layers = order.map { scenario.layers[$0] }
      permuted.limits = order.map { scenario.limits[$0] }
      let total = Int.random(in: try feasible(scenario, policy), using: &random)
      let counts = try policy.value.keptCounts(scenario.demand(total))
      let other = try policy.value.keptCounts(permuted.demand(total))
      let expected = order.map { counts[$0] }
      if policy.value.fixesCountsInAdvance {
        // Layers of proportional size tie; then one weight goes to the first of them.
        #expect(zip(expected, other).allSatisfy { abs($0 - $1) <= 1 })
      } else {
        #expect(expected == other)
      }
    }
  }

  @Test("thousand layers of one weight, thousand of many", arguments: Policy.allCases)
  func thousand(policy: Policy) throws {
    for size in [1, 3] {
      let layers = try (0..<1000).map { index in
        let importances = (0..<(size * size)).map { Float((index * 37 + $0 * 11) % 1009) }
        return try LayerProfile(
          name: "hidden\(index + 1)", outputs: size, inputs: size, importances: importances,
          curve: try ErrorCurve(measured: [
            ErrorCurve.Point(kept: size * size, error: 0),
            ErrorCurve.Point(kept: 0, error: Double(index % 7)),
          ]))
      }
      let limits = Array(repeating: try LayerLimits(allowsEmpty: true), count: 1000)
      for total in [0, 1, 500, 1000 * size * size] {
        let demand = try BudgetDemand(keeping: total, of: layers, limits: limits)
        let counts = try policy.value.keptCounts(demand)
        #expect(counts.reduce(0, +) == total)
      }
    }
  }

  private func single(_ kept: Int) throws -> ErrorCurve {
    try ErrorCurve(measured: [ErrorCurve.Point(kept: kept, error: 0)])
  }

  @Test("no layers, and a layer without weights", arguments: Policy.allCases)
  func empty(policy: Policy) throws {
    if policy != .manual {
      let none = try BudgetDemand(keeping: 0, of: [], limits: [])
      #expect(try policy.value.keptCounts(none) == [])
    }
    let layers = [
      try LayerProfile(name: "hidden1", outputs: 0, inputs: 3, importances: [], curve: single(0)),
      try LayerProfile(
        name: "output", outputs: 1, inputs: 1, importances: [0], curve: single(1)),
    ]
    let demand = try BudgetDemand(keeping: 1, of: layers, limits: [.none, .none])
    #expect(try policy.value.keptCounts(demand) == [0, 1])
  }

  @Test("names and timing are those of the schedule")
  func names() {
    #expect(
      Policy.allCases.map(\.value.name) == [
        "uniform", "global", "erk", "lamp", "lamp", "manual", "sensitivity", "optimal",
      ])
    #expect(
      Policy.allCases.map(\.value.basis) == [
        .shapes, .importances, .shapes, .importances, .importances, .shapes, .curves, .curves,
      ])
    #expect(Policy.allCases.filter(\.value.fixesCountsInAdvance) == [.uniform, .erk, .manual])
  }

  @Test("ranking policies plan nothing and need importances")
  func adaptive() throws {
    let layers = [try LayerProfile(name: "output", outputs: 2, inputs: 2)]
    for policy in [Policy.global, .lamp] {
      #expect(
        try policy.value.plannedCounts(keeping: [2], of: layers, limits: [.none]) == nil)
      let demand = try BudgetDemand(keeping: 2, of: layers, limits: [.none])
      #expect(throws: BudgetError.importancesMissing(layer: "output")) {
        try policy.value.keptCounts(demand)
      }
    }
  }

  /// The totals that are feasible, for `manual` down to what it states.
  private func feasible(_ scenario: Scenario, _ policy: Policy) throws -> ClosedRange<Int> {
    guard let manual = policy.value as? ManualBudget else { return scenario.range }
    let least = try manual.statedTotal(of: scenario.layers, limits: scenario.limits)
    return least...scenario.range.upperBound
  }
}
