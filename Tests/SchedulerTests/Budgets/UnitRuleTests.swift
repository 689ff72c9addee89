import Scheduler
import Testing

/// What holds for the order of units under every policy that has one.
@Suite("UnitRule") struct UnitRuleTests {
  private static let policies: [BudgetPolicy] = [.global, .uniform, .erk, .lamp]

  private static func rule(_ policy: BudgetPolicy) throws -> UnitRule {
    try #require(policy.rule.units)
  }

  /// Layers of up to 9 units, some gone, with scores that are all different where `distinct`.
  private func layers(seed: UInt64, distinct: Bool = false) -> [UnitProfile] {
    var random = SplitMix64(seed: seed)
    let count = Int.random(in: 1...5, using: &random)
    return (0..<count).map { layer in
      let width = Int.random(in: distinct ? 1...9 : 0...9, using: &random)
      let scores = (0..<width).map { unit -> Double? in
        if distinct { return Double(unit * count + layer + 1) }
        return random.once(in: 4) ? nil : Double(Int.random(in: 0...4, using: &random))
      }
      return UnitProfile(
        inputs: Int.random(in: 1...50, using: &random),
        scores: scores.shuffled(using: &random))
    }
  }

  @Test("every unit that is left goes once, those of a layer by what they are worth")
  func order() throws {
    for policy in Self.policies {
      let rule = try Self.rule(policy)
      for seed in 0..<60 as Range<UInt64> {
        let layers = layers(seed: seed)
        let order = rule.order(of: layers)
        for (index, layer) in layers.enumerated() {
          #expect(order.filter { $0.layer == index }.map(\.unit) == layer.units)
          #expect(zip(layer.scores, layer.scores.dropFirst()).allSatisfy { $0 <= $1 })
          let keys = rule.keys(layer)
          #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 <= $1 })
        }
        #expect(order.count == layers.reduce(0) { $0 + $1.units.count })
      }
    }
  }

  @Test("reordering the layers reorders the units")
  func permutation() throws {
    for policy in Self.policies where policy.rule.basis == .importances {
      let rule = try Self.rule(policy)
      for seed in 0..<60 as Range<UInt64> {
        let layers = layers(seed: seed, distinct: true)
        var random = SplitMix64(seed: seed)
        let permutation = Array(layers.indices).shuffled(using: &random)
        let expected = rule.order(of: layers).map {
          UnitPlace(layer: permutation.firstIndex(of: $0.layer)!, unit: $0.unit)
        }
        let other = rule.order(of: permutation.map { layers[$0] })
        // The best units of all layers tie under lamp, which scores them 1.
        if policy == .lamp {
          #expect(Set(expected) == Set(other))
        } else {
          #expect(expected == other)
        }
      }
    }
  }

  @Test("global goes by what units are worth, of equal ones the lower layer's first")
  func global() throws {
    let layers = [
      UnitProfile(inputs: 3, scores: [2, nil, 1]),
      UnitProfile(inputs: 3, scores: [1, 0.5]),
    ]
    let expected = [(1, 1), (0, 2), (1, 0), (0, 0)]
    #expect(
      try Self.rule(.global).order(of: layers)
        == expected.map { UnitPlace(layer: $0.0, unit: $0.1) })
  }

  @Test("uniform takes the same share of each layer's units, as its counts do")
  func uniform() throws {
    let widths = [30, 7, 100, 1]
    let layers = widths.map {
      UnitProfile(inputs: 5, scores: Array(repeating: 0, count: $0))
    }
    let shapes = try widths.enumerated().map {
      try LayerProfile(name: "hidden\($0 + 1)", outputs: $1, inputs: 1)
    }
    let empty = try LayerLimits(allowsEmpty: true)
    let order = try Self.rule(.uniform).order(of: layers)
    var kept = widths
    for (index, place) in order.enumerated() {
      kept[place.layer] -= 1
      let demand = try BudgetDemand(
        keeping: order.count - index - 1, of: shapes, limits: shapes.map { _ in empty })
      // Ties go another way.
      let counts = try BudgetPolicy.uniform.rule.counts(demand)
      #expect(zip(kept, counts).allSatisfy { abs($0 - $1) <= 1 })
    }
  }

  @Test("erk keeps units in proportion to weights over inputs")
  func erk() throws {
    // Shares (100 + 20)/100 = 1.2 and (20 + 20)/20 = 2: of 16 units 6 and 10 are left.
    let zeros = [Double?](repeating: 0, count: 20)
    let layers = [
      UnitProfile(inputs: 100, scores: zeros),
      UnitProfile(inputs: 20, scores: zeros),
    ]
    let left = try Self.rule(.erk).order(of: layers).suffix(16)
    #expect(left.count { $0.layer == 0 } == 6)
  }

  @Test("lamp gives each layer's best unit the key 1")
  func lamp() throws {
    let keys = try Self.rule(.lamp).keys
    #expect(keys(UnitProfile(inputs: 3, scores: [1, 3, 4])) == [1.0 / 8, 3.0 / 7, 1])
    let linear = UnitProfile(inputs: 3, scores: [1, 3, 4], degree: .linear)
    #expect(keys(linear) == [1.0 / 26, 9.0 / 25, 1])
  }

  @Test("no layers, layers without units, thousand layers")
  func extremes() throws {
    for policy in Self.policies {
      let rule = try Self.rule(policy)
      #expect(rule.order(of: []) == [])
      #expect(rule.order(of: [UnitProfile(inputs: 1, scores: [nil])]) == [])
      let many = (0..<1000).map { UnitProfile(inputs: 1, scores: [Double($0 % 7)]) }
      #expect(Set(rule.order(of: many)).count == 1000)
    }
  }
}
