import Scheduler
import Testing

@Suite("The policy optimal") struct OptimalBudgetTests {
  /// The least sum of errors over all divisions that meet the demand, found by trying them all.
  private func best(_ demand: BudgetDemand) -> Double {
    var sums: [Int: Double] = [0: 0]
    for (layer, bounds) in zip(demand.layers, demand.bounds) {
      var next: [Int: Double] = [:]
      for (kept, sum) in sums {
        for count in bounds.least...bounds.most {
          let error = sum + layer.curve!.error(keeping: count)
          next[kept + count] = min(next[kept + count] ?? .infinity, error)
        }
      }
      sums = next
    }
    return sums[demand.kept]!
  }

  @Test("the sum is at most the stated gap above the best of all divisions")
  func bruteForce() throws {
    var gaps = 0
    for seed in 0..<80 as Range<UInt64> {
      let scenario = try Scenario(seed: seed, count: 4, size: 4)
      for kept in scenario.range {
        let demand = try scenario.demand(kept)
        let counts = try BudgetPolicy.optimal.rule.counts(demand)
        let predicted = try PredictedError(keeping: counts, for: demand)
        let best = best(demand)
        #expect(predicted.total >= best - 1e-9)
        #expect(predicted.total - predicted.gap <= best + 1e-9)
        if predicted.gap > 1e-9 { gaps += 1 }
      }
    }
    // Curves are as measured, so some gaps are real.
    #expect(gaps > 0)
  }

  @Test("on convex curves it is the best of all divisions, without a gap")
  func convex() throws {
    for seed in 0..<60 as Range<UInt64> {
      var scenario = try Scenario(seed: seed, count: 4, size: 4)
      var random = SplitMix64(seed: seed)
      scenario.layers = try scenario.layers.map { layer in
        let scale = Double.random(in: 0.1...10, using: &random)
        return try layer.with(
          curve: ErrorCurve(
            measured: (0...layer.remaining).reversed().map { kept in
              let removed = Double(layer.remaining - kept)
              return ErrorCurve.Point(kept: kept, error: scale * removed * removed)
            }))
      }
      for kept in scenario.range {
        let demand = try scenario.demand(kept)
        let counts = try BudgetPolicy.optimal.rule.counts(demand)
        let predicted = try PredictedError(keeping: counts, for: demand)
        #expect(abs(predicted.total - best(demand)) < 1e-9 * max(1, predicted.total))
        #expect(predicted.gap < 1e-9 * max(1, predicted.total))
      }
    }
  }

  @Test("no other policy does better than it by more than its gap")
  func others() throws {
    for seed in 0..<60 as Range<UInt64> {
      let scenario = try Scenario(seed: seed)
      var random = SplitMix64(seed: seed)
      let demand = try scenario.demand(.random(in: scenario.range, using: &random))
      let own = try PredictedError(
        keeping: BudgetPolicy.optimal.rule.counts(demand), for: demand)
      for policy in [Policy.uniform, .global, .erk, .lamp, .sensitivity] {
        let other = try PredictedError(
          keeping: policy.value.rule.counts(demand), for: demand)
        #expect(other.total >= own.total - own.gap - 1e-9)
        #expect(abs((other.total - other.gap) - (own.total - own.gap)) < 1e-9)
      }
    }
  }

  @Test("a stretch that bulges upwards is taken whole or not at all, but for one layer")
  func bulge() throws {
    // Convex hull from 10 to 0; the true curve rises at once.
    let bulging = [(10, 0.0), (9, 5.0), (0, 6.0)]
    let layers = try ["hidden1", "hidden2", "output"].map { name in
      try LayerProfile(
        name: name, outputs: 1, inputs: 10,
        curve: try ErrorCurve(
          measured: bulging.map { ErrorCurve.Point(kept: $0.0, error: $0.1) }))
    }
    let limits = Array(repeating: try LayerLimits(allowsEmpty: true), count: 3)
    let demand = try BudgetDemand(keeping: 15, of: layers, limits: limits)
    let counts = try BudgetPolicy.optimal.rule.counts(demand)
    #expect(counts == [0, 5, 10])
    let predicted = try PredictedError(keeping: counts, for: demand)
    #expect(predicted.layers == [6, 5 + 4.0 / 9, 0])
    #expect(abs(predicted.gap - (5 + 4.0 / 9 - 3)) < 1e-12)
  }
}
