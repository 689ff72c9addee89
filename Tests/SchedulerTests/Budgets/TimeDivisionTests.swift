import Scheduler
import Testing

@Suite("Dividing a time among layers") struct TimeDivisionTests {
  /// Layers with bounds, and what they take.
  private struct Case {
    let layers: [LayerProfile]
    let bounds: [LayerBounds]
    let times: [LayerTime]
    let fastest: Double
    let slowest: Double

    init(seed: UInt64, count: Int = 6, size: Int = 12) throws {
      let scenario = try Scenario(seed: seed, count: count, size: size)
      var random = SplitMix64(seed: seed &+ 1000)
      layers = scenario.layers
      bounds = zip(scenario.layers, scenario.limits).map { $1.bounds(of: $0) }
      times = try layers.map { layer in
        let scale = Double.random(in: 0.1...10, using: &random)
        return try LayerTime(
          measured: LayerTime.counts(of: layer.weights).map {
            LayerTime.Point(
              kept: $0,
              nanoseconds: 20 + scale * Double($0) * Double.random(in: 0.8...1.2, using: &random))
          })
      }
      let all = TimeLimit(times: times, nanoseconds: 0)
      fastest = all.nanoseconds(keeping: bounds.map(\.least))
      slowest = all.nanoseconds(keeping: bounds.map(\.most))
    }

    func limit(_ share: Double) -> TimeLimit {
      TimeLimit(times: times, nanoseconds: fastest + share * (slowest - fastest))
    }

    func counts(_ limit: TimeLimit) throws -> [Int] {
      try TimeDivision(of: layers, bounds: bounds, within: limit).counts
    }

    func error(_ counts: [Int]) -> Double {
      zip(layers, counts).reduce(0) { $0 + $1.0.curve!.error(keeping: $1.1) }
    }
  }

  @Test("the time and the bounds are kept, and a shorter time keeps no more of any layer")
  func sound() throws {
    for seed in 0..<150 as Range<UInt64> {
      let example = try Case(seed: seed)
      var last = example.bounds.map(\.most)
      for share in [1.5, 1, 0.7, 0.31, 0.1, 0.01, 0] {
        let limit = example.limit(share)
        let division = try TimeDivision(
          of: example.layers, bounds: example.bounds, within: limit)
        #expect(limit.nanoseconds(keeping: division.counts) <= limit.nanoseconds)
        for (index, count) in division.counts.enumerated() {
          #expect((example.bounds[index].least...last[index]).contains(count))
        }
        // The bound is below what the curves say, by a rounding at most above.
        let error = example.error(division.counts)
        #expect(division.leastError <= error + 1e-9 * max(1, error))
        last = division.counts
      }
    }
  }

  @Test("a limit that the layers are within already removes nothing")
  func dense() throws {
    let example = try Case(seed: 4)
    #expect(try example.counts(example.limit(1)) == example.bounds.map(\.most))
    #expect(
      try example.counts(TimeLimit(times: example.times, nanoseconds: .infinity))
        == example.bounds.map(\.most))
  }

  @Test("no division within the time has less error than the bound; all of small ones are tried")
  func best() throws {
    var exact = 0
    for seed in 0..<40 as Range<UInt64> {
      let example = try Case(seed: seed, count: 2, size: 5)
      let limit = example.limit(0.5)
      let division = try TimeDivision(
        of: example.layers, bounds: example.bounds, within: limit)
      var least = Double.infinity
      func search(_ counts: [Int]) {
        if counts.count < example.layers.count {
          let bounds = example.bounds[counts.count]
          for count in bounds.least...bounds.most { search(counts + [count]) }
        } else if limit.nanoseconds(keeping: counts) <= limit.nanoseconds {
          least = min(least, example.error(counts))
        }
      }
      search([])
      #expect(division.leastError <= least + 1e-9 * max(1, least))
      #expect(example.error(division.counts) >= least)
      if example.error(division.counts) <= least * 1.05 + 1e-9 { exact += 1 }
    }
    #expect(exact > 15)
  }

  @Test("weights go where they take the most time for the same error")
  func costs() throws {
    let layers = try ["hidden1", "output"].map { name in
      try LayerProfile(
        name: name, outputs: 10, inputs: 10,
        curve: ErrorCurve(measured: [
          ErrorCurve.Point(kept: 100, error: 0), ErrorCurve.Point(kept: 1, error: 1),
        ]))
    }
    let bounds = layers.map { LayerLimits.none.bounds(of: $0) }
    let times = try [1.0, 3].map { each in
      try LayerTime(
        measured: [100, 0].map {
          LayerTime.Point(kept: $0, nanoseconds: 10 + each * Double($0))
        })
    }
    // Dense it is 420 ns; the second layer alone can give 297 of them.
    let limit = TimeLimit(times: times, nanoseconds: 300)
    #expect(try TimeDivision(of: layers, bounds: bounds, within: limit).counts == [100, 60])
    let short = TimeLimit(times: times, nanoseconds: 93)
    #expect(try TimeDivision(of: layers, bounds: bounds, within: short).counts == [70, 1])
  }

  @Test("a time that cannot be met says which layer takes most, and what can; that can")
  func infeasible() throws {
    for seed in 0..<50 as Range<UInt64> {
      let example = try Case(seed: seed)
      let error = try #require(throws: BudgetError.self) {
        try example.counts(TimeLimit(times: example.times, nanoseconds: example.fastest / 3))
      }
      guard case .timeTooShort(_, let kept, let feasible, let layer, let share) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(kept == example.bounds.reduce(0) { $0 + $1.least })
      #expect(example.layers.contains { $0.name == layer } && share > 0 && share <= 1)
      let limit = CallTime(milliseconds: feasible).limit(example.times)
      #expect(limit.nanoseconds(keeping: try example.counts(limit)) <= limit.nanoseconds)
      #expect(feasible * 1e6 <= example.fastest + 2)
    }
  }

  @Test("starts are within the time, and keep as much as their policy can")
  func starts() throws {
    for seed in 0..<40 as Range<UInt64> {
      let example = try Case(seed: seed)
      let limit = example.limit(0.4)
      let starts = try limit.starts(of: example.layers, bounds: example.bounds)
      #expect(starts.count == 5)
      #expect(try starts[0] == example.counts(limit))
      for (policy, start) in zip(
        [.uniform, .erk, .global] as [BudgetPolicy], starts.dropFirst())
      {
        #expect(limit.nanoseconds(keeping: start) <= limit.nanoseconds)
        let kept = start.reduce(0, +)
        let limits = try zip(example.layers, example.bounds).map { layer, bounds in
          // The same bounds as limits: the least count as a density.
          try LayerLimits(
            minimumDensity: layer.weights > 0
              ? Double(bounds.least) / Double(layer.weights) : 0, allowsEmpty: true)
        }
        guard
          let more = try? BudgetDemand(
            keeping: kept + 1, of: example.layers, limits: limits)
        else { continue }
        #expect(limit.nanoseconds(keeping: try policy.rule.counts(more)) > limit.nanoseconds)
      }
    }
  }

  @Test("a refined division is within the time and no worse than any start")
  func refined() throws {
    for seed in 0..<30 as Range<UInt64> {
      let example = try Case(seed: seed)
      let limit = example.limit(0.4)
      let starts = try limit.starts(of: example.layers, bounds: example.bounds)
      func error(_ counts: [Int]) -> Double {
        let lost = zip(counts, example.bounds).map { Double($1.most - $0) }
        return lost.reduce(0) { $0 + $1 * $1 }
          + zip(lost, lost.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
      }
      let result = try DivisionRefinement(
        of: example.layers, bounds: example.bounds, from: starts
      ) { (layers, bounds) throws(BudgetError) in
        try TimeDivision(of: layers, bounds: bounds, within: limit).counts
      } estimate: {
        error($0)
      } measure: {
        error($0)
      }
      #expect(limit.nanoseconds(keeping: result.counts) <= limit.nanoseconds)
      #expect(result.error == error(result.counts))
      #expect(starts.allSatisfy { result.error <= error($0) })
    }
  }
}
