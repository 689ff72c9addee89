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
        let counts = try policy.counts(total, of: scenario)
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
      var last = try policy.counts(range.upperBound, of: scenario)
      for total in range.dropLast().reversed() {
        let counts = try policy.counts(total, of: scenario)
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
        let counts = try policy.counts(total, of: scenario)
        #expect(counts.reduce(0, +) == total)
        #expect(zip(counts, last).allSatisfy { $0 <= $1 })
        try scenario.prune(to: counts, seed: seed &* 7 &+ UInt64(round))
        last = counts
      }
    }
  }

  @Test(
    "earlier rounds leave no trace where counts are fixed in advance",
    arguments: Policy.allCases.filter { $0.value.rule.basis == .shapes })
  func pathIndependent(policy: Policy) throws {
    for seed in Self.seeds {
      let scenario = try Scenario(seed: seed)
      let range = try feasible(scenario, policy)
      let totals = (0...7).map { range.upperBound - (range.upperBound - range.lowerBound) * $0 / 7 }
      var round = scenario
      for total in totals {
        let counts = try policy.counts(total, of: round)
        #expect(try counts == policy.counts(total, of: scenario))
        round.layers = try zip(round.layers, counts).map { try $0.with(remaining: $1) }
      }
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
      let counts = try policy.counts(total, of: scenario)
      let other = try policy.counts(total, of: permuted)
      let expected = order.map { counts[$0] }
      if policy.value.rule.basis == .shapes {
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
        let counts = try policy.counts(keeping: total, of: layers, limits: limits)
        #expect(counts.reduce(0, +) == total)
      }
    }
  }

  private func single(_ kept: Int) throws -> ErrorCurve {
    try ErrorCurve(measured: [ErrorCurve.Point(kept: kept, error: 0)])
  }

  @Test("no layers, and a layer without weights", arguments: Policy.allCases)
  func empty(policy: Policy) throws {
    #expect(try policy.counts(keeping: 0, of: [], limits: []) == [])
    let layers = [
      try LayerProfile(name: "hidden1", outputs: 0, inputs: 3, importances: [], curve: single(0)),
      try LayerProfile(
        name: "output", outputs: 1, inputs: 1, importances: [0], curve: single(1)),
    ]
    #expect(try policy.counts(keeping: 1, of: layers, limits: [.none, .none]) == [0, 1])
  }

  @Test("words and what counts follow from are those of the schedule")
  func names() {
    #expect(
      BudgetPolicy.allCases.map(\.rawValue) == [
        "uniform", "global", "erk", "lamp", "manual", "sensitivity", "optimal",
      ])
    #expect(
      BudgetPolicy.allCases.map(\.rule.basis) == [
        .shapes, .importances, .shapes, .importances, .shapes, .curves, .curves,
      ])
    #expect(BudgetPolicy.allCases.filter(\.rule.isRefined) == [.optimal])
    #expect(BudgetPolicy.allCases.filter { $0.rule.total != nil } == [.manual])
    #expect(
      BudgetPolicy.allCases.filter { $0.rule.units != nil } == [
        .uniform, .global, .erk, .lamp, .manual,
      ])
  }

  @Test("ranking policies need importances")
  func adaptive() throws {
    let layers = [try LayerProfile(name: "output", outputs: 2, inputs: 2)]
    for policy in [Policy.global, .lamp] {
      #expect(throws: BudgetError.importancesMissing(layer: "output")) {
        try policy.counts(keeping: 2, of: layers, limits: [.none])
      }
    }
  }

  /// The totals that are feasible, for `manual` down to what it states.
  private func feasible(_ scenario: Scenario, _ policy: Policy) throws -> ClosedRange<Int> {
    guard let total = policy.value.rule.total else { return scenario.range }
    let limits = try policy.stated(scenario.limits, of: scenario.layers)
    return try total(scenario.layers, limits)...scenario.range.upperBound
  }
}
