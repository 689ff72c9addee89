import NeuralNetworks
import RunFixtures
import Runs
import Scheduler
import Storage
import Testing

@Suite("Plans of structured budgets") struct StructuredPlanTests {
  private static let groups = "granularity: {n_of_m: {keep: 2, of: 4}}"

  private func failure(_ stages: String) throws -> String {
    let failure = try #require(throws: PlanObstacle.self) { try PlanFixture.plan(stages) }
    return "\(failure)"
  }

  @Test("whole units leave the exact total, and layers between bounds")
  func units() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - prune: {to: 0.2, budget: {policy: uniform}}
        - prune: {to: 0.5, budget: {policy: uniform, granularity: unit, min_density: 0.1}}
        - prune: {to: 0.8, budget: {policy: uniform}}
      """)
    #expect(plan.stages.map(\.weights) == [76, 47, 19])
    #expect(plan.stages.map { $0.layers == nil } == [false, true, true])
    // 29 of 28, 34 and 14 weights go, and at least a tenth of each layer stays.
    #expect(plan.stages[1].bounds == [4...28, 5...34, 2...14])
    #expect(
      plan.stages[1].settings.canonical.contains(#""granularity":"unit""#)
        && !plan.stages[0].settings.canonical.contains("granularity"))
  }

  @Test("stated shares of units say where an alternation ends, and nothing can go beyond")
  func unitShares() throws {
    let budget = """
      budget: {policy: manual, granularity: unit, layers: {hidden1: {density: 0.5}, hidden2: \
      {density: 0.3}}}
      """
    let plan = try PlanFixture.plan(
      "stages: [alternate: {rounds: 2, \(budget), finetune: {epochs: 1}}]")
    // Of 7 and 6 units 3 and 2 stay: 5 × 3 + 3 × 2 + 2 × 3.
    #expect(plan.stages.last?.weights == 27)
    #expect(
      try failure("stages: [prune: {to: 0.8, \(budget)}]")
        == "stage prune: cannot prune to 19 of 95 weights: the least is 27; the nearest "
        + "feasible target is sparsity 0.72")
    #expect(
      try failure("stages: [prune: {to: 0.1, budget: {policy: uniform}}, prune: {\(budget)}]")
        == "stage prune-2: what the stated units come to follows in dense layers, and hidden1 "
        + "has 31 of its 35 weights left; state the sparsity to reach (to)")

    let fixture = try RunFixture(
      RunFixture.head + "stages: [train: {epochs: 1}, prune: {\(budget)}]")
    try fixture.run()
    let network = try fixture.contents("prune").state.network
    #expect(network.layers.map(\.remaining) == [15, 6, 6])
  }

  @Test("groups leave what shapes say, layer by layer, in one round")
  func groups() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 1}
        - alternate: {budget: {\(Self.groups)}, finetune: {epochs: 1}}
        - prune: {to: 0.6, budget: {policy: uniform}}
      """)
    // Rows of 5, 7 and 6 inputs keep 3, 4 and 3.
    #expect(plan.stages[1].layers == [21, 24, 9] && plan.stages[1].weights == 54)
    #expect(
      plan.stages.map(\.name) == [
        "train", "alternate/01/prune", "alternate/01/finetune", "prune",
      ])
    let kept = try PlanFixture.plan(
      "stages: [prune: {budget: {\(Self.groups), layers: {output: {keep: true}}}}]")
    #expect(kept.stages[0].layers == [21, 24, 18])
    // A stated sparsity has to be the one that follows, to the weight.
    let stated = try PlanFixture.plan(
      "stages: [prune: {to: 0.43, budget: {\(Self.groups)}}]")
    #expect(stated.stages[0].weights == 54)
  }

  @Test("what groups cannot meet is refused, with what can be written")
  func refusals() throws {
    #expect(
      try failure("stages: [prune: {to: 0.5, budget: {\(Self.groups)}}]")
        == "stage prune: 2:4 groups leave 54 of 95 weights, not 47; leave the sparsity out, or "
        + "write 0.43")
    #expect(
      try failure(
        "stages: [prune: {to: 0.1, budget: {policy: uniform}}, prune: {budget: {\(Self.groups)}}]")
        == "stage prune-2: 2:4 groups are counted in dense layers, and hidden1 has 31 of its "
        + "35 weights left; prune to n_of_m before anything else, or keep the layer")
    // Where counts depend on what is measured, they may come to anything.
    #expect(
      try failure("stages: [prune: {to: 0.1}, prune: {budget: {\(Self.groups)}}]")
        .contains("2:4 groups are counted in dense layers"))
    #expect(
      try failure("stages: [prune: {to: 0.1}, prune: {to: 0.43, budget: {\(Self.groups)}}]")
        .contains("2:4 groups are counted in dense layers"))
    // But a layer that stayed as it was is dense for certain.
    let plan = try PlanFixture.plan(
      """
      stages:
        - prune: {to: 0.4, budget: {layers: {hidden1: {keep: true}}}}
        - prune: {to: 0.55, budget: {\(Self.groups), layers: {"hidden2, output": {keep: true}}}}
      """)
    #expect(plan.stages.map(\.weights) == [57, 43])
  }

  @Test(
    "a run does what is planned",
    arguments: [
      "policy: global, granularity: unit", "policy: uniform, granularity: unit",
      "policy: erk, granularity: unit, layers: {output: {keep: true}}",
      "policy: lamp, granularity: unit, min_density: 0.2",
    ], ["ec", "least_squares"])
  func run(budget: String, compensation: String) throws {
    let fixture = try RunFixture(
      RunFixture.head
        + """
        stages:
          - train: {epochs: 1}
          - alternate:
              rounds: 4
              sparsity: {to: 0.6}
              prune: {compensation: \(compensation), steps: 2}
              budget: {\(budget)}
              finetune: {epochs: 1, optimizer: continue}
        """)
    let (plan, manifest, _) = try fixture.run(threads: 2)
    let records = manifest.recordsByKey
    for stage in plan.stages {
      let record = try #require(records[stage.key])
      #expect(record.weights == stage.weights)
      #expect(zip(stage.bounds, record.layers).allSatisfy { $0.contains($1.weights) })
    }
    let state = try fixture.contents("alternate/04/finetune").state
    #expect(state.network.remaining == 95 - 57)
    // Whole units are gone, and a second run finds nothing to do.
    let masks = state.network.layers.compactMap(\.mask)
    #expect(
      (0..<7).contains { unit in
        (0..<5).allSatisfy { !masks[0][unit * 5 + $0] }
          && (0..<6).allSatisfy { !masks[1][$0 * 7 + unit] }
      })
    #expect(try fixture.run().computed == 0)
  }

  @Test("a run prunes to groups under every criterion that there is a statistic for")
  func groupRun() throws {
    for criterion in ["ec", "magnitude", "wanda", "gradient_magnitude_signed"] {
      let fixture = try RunFixture(
        RunFixture.head
          + "stages: [train: {epochs: 1}, prune: {criterion: \(criterion), budget: "
          + "{\(Self.groups)}}, finetune: {epochs: 1}]")
      let (plan, _, _) = try fixture.run()
      let network = try fixture.contents("finetune").state.network
      #expect(network.layers.map(\.remaining) == plan.stages[1].layers)
      for layer in network.layers {
        let mask = try #require(layer.mask)
        for row in 0..<layer.outputs {
          for start in stride(from: 0, to: layer.inputs, by: 4) {
            let group = start..<min(start + 4, layer.inputs)
            #expect(
              group.count { mask[row * layer.inputs + $0] } == (group.count + 1) / 2)
          }
        }
      }
    }
  }
}
