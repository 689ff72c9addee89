import Scheduler
import Testing

@Suite("The policy sensitivity") struct SensitivityBudgetTests {
  @Test("every layer ends at one error: the next weight of any layer would exceed it")
  func level() throws {
    for seed in 0..<60 as Range<UInt64> {
      let scenario = try Scenario(seed: seed)
      var random = SplitMix64(seed: seed)
      let demand = try scenario.demand(.random(in: scenario.range, using: &random))
      let counts = try BudgetPolicy.sensitivity.rule.counts(demand)
      let curves = scenario.layers.map { $0.curve! }
      let reached =
        counts.indices.filter { counts[$0] < demand.bounds[$0].most }
        .map { curves[$0].error(keeping: counts[$0]) }.max() ?? 0
      for (index, count) in counts.enumerated() where count > demand.bounds[index].least {
        #expect(curves[index].error(keeping: count - 1) >= reached)
      }
    }
  }

  @Test("two layers, one twice as sensitive, lose weights two to one")
  func ratio() throws {
    let layers = try [("hidden1", 1.0), ("output", 2.0)].map { name, error in
      try LayerProfile(
        name: name, outputs: 10, inputs: 10,
        curve: try ErrorCurve(measured: [
          ErrorCurve.Point(kept: 100, error: 0), ErrorCurve.Point(kept: 0, error: error),
        ]))
    }
    let demand = try BudgetDemand(keeping: 140, of: layers, limits: [.none, .none])
    #expect(try BudgetPolicy.sensitivity.rule.counts(demand) == [60, 80])
  }

  @Test("without a curve down to the least count there is nothing to compare")
  func missing() throws {
    let bare = try LayerProfile(name: "output", outputs: 2, inputs: 2)
    let short = try bare.with(curve: ErrorCurve(measured: [ErrorCurve.Point(kept: 4, error: 0)]))
    for layer in [bare, short] {
      let demand = try BudgetDemand(keeping: 2, of: [layer], limits: [.none])
      #expect(throws: BudgetError.curveMissing(layer: "output", least: 1)) {
        try BudgetPolicy.sensitivity.rule.counts(demand)
      }
    }
    #expect(throws: BudgetError.curveStart(layer: "output", kept: 3, remaining: 4)) {
      try bare.with(curve: ErrorCurve(measured: [ErrorCurve.Point(kept: 3, error: 0)]))
    }
  }
}
