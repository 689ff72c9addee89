import Scheduler
import Testing

@Suite("GlobalBudget") struct GlobalBudgetTests {
  @Test("one threshold; ties go by layer, then by index")
  func golden() throws {
    // Order of leaving: a2 a4 b1 a3 b4 a1 b3 b2, but for the last of a layer.
    let layers = [
      try LayerProfile(name: "a", outputs: 1, inputs: 4, importances: [5, 1, 2, 1]),
      try LayerProfile(name: "b", outputs: 1, inputs: 4, importances: [1, 9, 8, 2]),
    ]
    let expected = [[1, 1], [1, 2], [1, 3], [2, 3], [2, 4], [3, 4], [4, 4]]
    for (index, counts) in expected.enumerated() {
      let demand = try BudgetDemand(keeping: index + 2, of: layers, limits: [.none, .none])
      #expect(try BudgetPolicy.global.rule.counts(demand) == counts)
    }
  }

  @Test("counts and indices are those of sorting the whole network, whatever the limits")
  func reference() throws {
    for seed in 0..<80 as Range<UInt64> {
      let scenario = try Scenario(seed: seed, size: 7)
      for total in scenario.range {
        try expectReference(scenario.demand(total))
      }
    }
  }

  @Test("likewise for layers that are large enough for histograms")
  func large() throws {
    var random = SplitMix64(seed: 9)
    let layers = try [(40, 150), (70, 70), (10, 7)].enumerated().map { index, shape in
      let importances = (0..<(shape.0 * shape.1)).map { _ in
        // Squares reach far down; coarse values tie across layers.
        let value = Float.random(in: 0..<1, using: &random)
        return random.once(in: 3) ? (value * 64).rounded() / 64 : value * value * value
      }
      return try LayerProfile(
        name: "hidden\(index)", outputs: shape.0, inputs: shape.1, importances: importances)
    }
    let limits = [try LayerLimits(minimumDensity: 0.3), .none, .none]
    for total in [1802, 2000, 5000, 8001, 10_970] {
      try expectReference(try BudgetDemand(keeping: total, of: layers, limits: limits))
    }
  }

  @Test("a layer whose weights all come first keeps its last one")
  func collapse() throws {
    let layers = [
      try LayerProfile(name: "a", outputs: 1, inputs: 3, importances: [0, 0, 0]),
      try LayerProfile(name: "b", outputs: 1, inputs: 3, importances: [7, 8, 9]),
    ]
    let demand = try BudgetDemand(keeping: 2, of: layers, limits: [.none, .none])
    #expect(try BudgetPolicy.global.rule.counts(demand) == [1, 1])
    #expect(try layers[0].removedIndices(keeping: 1) == [0, 1])
    let empty = try LayerLimits(allowsEmpty: true)
    let free = try BudgetDemand(keeping: 2, of: layers, limits: [empty, empty])
    #expect(try BudgetPolicy.global.rule.counts(free) == [0, 2])
  }

  /// Goes through all weights in the order of (importance, layer, index), as the definition does.
  private func expectReference(_ demand: BudgetDemand) throws {
    var ranked: [(importance: Float, layer: Int, index: Int)] = []
    for (layer, profile) in demand.layers.enumerated() {
      for (index, importance) in profile.importances!.enumerated() {
        ranked.append((importance, layer, index))
      }
    }
    ranked.sort { $0 < $1 }
    var counts = demand.bounds.map(\.most)
    var removed: [[Int]] = counts.map { _ in [] }
    var left = counts.reduce(0, +)
    for weight in ranked
    where left > demand.kept && counts[weight.layer] > demand.bounds[weight.layer].least {
      counts[weight.layer] -= 1
      removed[weight.layer].append(weight.index)
      left -= 1
    }
    #expect(try BudgetPolicy.global.rule.counts(demand) == counts)
    for (layer, profile) in demand.layers.enumerated() {
      #expect(
        try profile.removedIndices(keeping: counts[layer]) == removed[layer].sorted())
    }
  }
}
