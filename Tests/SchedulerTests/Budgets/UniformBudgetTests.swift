import Scheduler
import Testing

@Suite("UniformBudget") struct UniformBudgetTests {
  @Test("784-300-100-10 at 0.9 keeps a tenth of every layer")
  func golden() throws {
    let layers = [
      try LayerProfile(name: "hidden1", outputs: 300, inputs: 784),
      try LayerProfile(name: "hidden2", outputs: 100, inputs: 300),
      try LayerProfile(name: "output", outputs: 10, inputs: 100),
    ]
    let limits = Array(repeating: LayerLimits.none, count: 3)
    let demand = try BudgetDemand(keeping: 26_620, of: layers, limits: limits)
    #expect(try BudgetPolicy.uniform.rule.counts(demand) == [23_520, 3000, 100])
    // Sparsity is over all weights: what a kept layer keeps, the others lose.
    let kept = try BudgetDemand(
      keeping: 26_620, of: layers, limits: [.none, .none, LayerLimits(keep: true)])
    // 25,620 over 265,200: 22,721.8 and 2,898.2
    #expect(try BudgetPolicy.uniform.rule.counts(kept) == [22_722, 2898, 1000])
  }

  @Test("as handing out one weight at a time, ties included")
  func reference() throws {
    for seed in 0..<80 as Range<UInt64> {
      let scenario = try Scenario(seed: seed, size: 8)
      for total in scenario.range {
        let demand = try scenario.demand(total)
        let shares = demand.layers.map(\.weights)
        #expect(
          try BudgetPolicy.uniform.rule.counts(demand) == handingOut(demand, shares: shares))
      }
    }
  }

  @Test("equal layers differ by at most one, the first have more")
  func ties() throws {
    let layers = try (0..<7).map { try LayerProfile(name: "\($0)", outputs: 3, inputs: 5) }
    let limits = Array(repeating: LayerLimits.none, count: 7)
    let demand = try BudgetDemand(keeping: 45, of: layers, limits: limits)
    #expect(try BudgetPolicy.uniform.rule.counts(demand) == [7, 7, 7, 6, 6, 6, 6])
  }

  @Test("the largest layers there can be")
  func huge() throws {
    let layers = try (1...3).map {
      try LayerProfile(name: "\($0)", outputs: 1 << 20, inputs: (1 << 20) - $0)
    }
    let total = layers.reduce(0) { $0 + $1.weights }
    let kept = try Sparsity(0.999).kept(of: total)
    let limits = Array(repeating: LayerLimits.none, count: 3)
    let counts = try BudgetPolicy.uniform.rule.counts(
      BudgetDemand(keeping: kept, of: layers, limits: limits))
    #expect(counts.reduce(0, +) == kept)
    for (count, layer) in zip(counts, layers) {
      #expect(abs(Double(count) - Double(layer.weights) * 0.001) < 1)
    }
  }
}

/// The definition of Webster's method with bounds: one weight at a time to the largest s/(2k + 1).
func handingOut(_ demand: BudgetDemand, shares: [Int]) -> [Int] {
  var counts = demand.bounds.map(\.least)
  for _ in counts.reduce(0, +)..<demand.kept {
    let open = counts.indices.filter { counts[$0] < demand.bounds[$0].most }
    let next = open.max { a, b in
      let left = shares[a] * (2 * counts[b] + 1)
      let right = shares[b] * (2 * counts[a] + 1)
      return (left, b) < (right, a)
    }!
    counts[next] += 1
  }
  return counts
}
