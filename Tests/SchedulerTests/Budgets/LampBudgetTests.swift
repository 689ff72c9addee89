import Scheduler
import Testing

@Suite("LampBudget") struct LampBudgetTests {
  @Test("scores by hand: a 1/14, 4/13, 1 and b 16/77, 25/61, 1")
  func golden() throws {
    // Magnitudes 3, 1, 2 and 6, 5, 4; order of leaving: a1 b4 a2 b5.
    for degree in [ImportanceDegree.linear, .quadratic] {
      let power: (Float) -> Float = { degree == .linear ? $0 : $0 * $0 }
      let layers = [
        try LayerProfile(name: "a", outputs: 1, inputs: 3, importances: [3, 1, 2].map(power)),
        try LayerProfile(name: "b", outputs: 1, inputs: 3, importances: [6, 5, 4].map(power)),
      ]
      let expected = [[1, 1], [1, 2], [2, 2], [2, 3], [3, 3]]
      for (index, counts) in expected.enumerated() {
        let demand = try BudgetDemand(
          keeping: index + 2, of: layers, limits: [.none, .none], degree: degree)
        #expect(try BudgetPolicy.lamp.rule.counts(demand) == counts)
      }
    }
  }

  @Test("a layer's scale does not matter")
  func scale() throws {
    for seed in 0..<12 as Range<UInt64> {
      let scenario = try Scenario(seed: seed, size: 7, distinct: true)
      var scaled = scenario
      scaled.layers = try scenario.layers.enumerated().map { index, layer in
        let factor = Float(sign: .plus, exponent: index * 10, significand: 1)
        return try LayerProfile(
          name: layer.name, outputs: layer.outputs, inputs: layer.inputs,
          importances: layer.importances!.map { $0 * factor })
      }
      let lamp = BudgetPolicy.lamp.rule
      for total in scenario.range {
        #expect(
          try lamp.counts(scenario.demand(total)) == lamp.counts(scaled.demand(total)))
      }
    }
  }

  @Test("counts are those of sorting all scores, whatever the limits", arguments: [7, 60])
  func reference(size: Int) throws {
    for seed in 0..<(size == 7 ? 60 : 4) as Range<UInt64> {
      let scenario = try Scenario(seed: seed, size: size)
      let range = scenario.range
      for step in 0...20 {
        let total = range.lowerBound + (range.upperBound - range.lowerBound) * step / 20
        let demand = try scenario.demand(total)
        #expect(
          try BudgetPolicy.lamp.rule.counts(demand) == reference(demand))
      }
    }
  }

  @Test("where everything is zero, nothing is worth more than elsewhere")
  func zeros() throws {
    let layers = [
      try LayerProfile(name: "a", outputs: 1, inputs: 2, importances: [1e-30, 1e-30]),
      try LayerProfile(name: "b", outputs: 1, inputs: 2, importances: [0, 0]),
    ]
    let empty = try LayerLimits(allowsEmpty: true)
    let demand = try BudgetDemand(
      keeping: 2, of: layers, limits: [empty, empty], degree: .linear)
    #expect(try BudgetPolicy.lamp.rule.counts(demand) == [2, 0])
  }

  /// Goes through all weights in the order of (score, layer, rank in the layer).
  private func reference(_ demand: BudgetDemand) -> [Int] {
    var ranked: [(score: Double, layer: Int, rank: Int)] = []
    for (layer, profile) in demand.layers.enumerated() {
      let sorted = profile.importances!.map(Double.init).sorted()
      // Summed from the largest down, as the policy does, so that equal scores are equal here.
      var rest = 0.0
      for rank in sorted.indices.reversed() {
        rest += sorted[rank]
        ranked.append((sorted[rank] == 0 ? 0 : sorted[rank] / rest, layer, rank))
      }
    }
    ranked.sort { $0 < $1 }
    var counts = demand.bounds.map(\.most)
    var left = counts.reduce(0, +)
    for weight in ranked
    where left > demand.kept && counts[weight.layer] > demand.bounds[weight.layer].least {
      counts[weight.layer] -= 1
      left -= 1
    }
    return counts
  }
}
