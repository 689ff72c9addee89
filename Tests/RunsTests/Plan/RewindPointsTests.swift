import RunFixtures
import Runs
import Testing

@Suite("Plans that rewind") struct RewindPointsTests {
  private func names(_ stages: String) throws -> [String] {
    try PlanFixture.plan("stages: [\(stages)]").stages.map(\.name)
  }

  private func origin(_ stage: PlannedStage) -> String? {
    stage.kind == .rewind ? stage.links.origin : nil
  }

  @Test("a stage that a later rewind names is planned in parts, which train all of its epochs")
  func parts() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 5}
        - prune: {to: 0.5}
        - rewind: {to: train, epoch: 2}
        - finetune: {epochs: 3}
        - rewind: {to: train, epoch: 4}
        - rewind: {to: finetune, epoch: 1}
      """)
    #expect(
      plan.stages.map(\.name) == [
        "train@2", "train@4", "train", "prune", "rewind", "finetune@1", "finetune", "rewind-2",
        "rewind-3",
      ])
    #expect(plan.stages.map(\.epochs) == [2, 2, 1, nil, nil, 1, 2, nil, nil])
    #expect(plan.stages.map(\.weights) == [95, 95, 95, 47, 47, 47, 47, 47, 47])
    #expect(
      plan.stages.map(origin) == [
        nil, nil, nil, nil, plan.stages[0].key, nil, nil, plan.stages[1].key, plan.stages[5].key,
      ])
    // Each goes on from the one before it, the parts with the optimizer's moments.
    #expect(plan.stages.dropFirst().map(\.parent) == plan.stages.dropLast().map(\.key))
    let keeps = plan.stages.map { $0.settings["keeps_optimizer"] != nil }
    #expect(keeps == [true, true, false, false, false, true, false, false, false])
  }

  @Test("the end of a stage and the model before it need no parts")
  func ends() throws {
    let plain = try PlanFixture.plan("stages: [train: {epochs: 3}, prune: {to: 0.5}]")
    for (settings, origin) in [
      ("{to: train}", plain.stages[0].key), ("{to: train, epoch: 3}", plain.stages[0].key),
      ("{to: train, epoch: 0}", plain.root.key),
    ] {
      let plan = try PlanFixture.plan(
        "stages: [train: {epochs: 3}, prune: {to: 0.5}, rewind: \(settings)]")
      #expect(plan.stages.map(\.key).prefix(2) == plain.stages.map(\.key)[...])
      #expect(self.origin(plan.stages[2]) == origin)
      #expect(plan.stages[2].settings["origin"] == .string(origin))
    }
    #expect(
      try names(
        "prune: {to: 0.2}, train: {epochs: 2}, evaluate: {}, rewind: {to: train, epoch: 0}")
        == ["prune", "train", "evaluate", "rewind"])
  }

  @Test("in an alternation every round rewinds after pruning")
  func rounds() throws {
    #expect(
      try names(
        "train: {epochs: 2}, alternate: {rounds: 2, sparsity: {to: 0.5}, "
          + "rewind: {to: train, epoch: 1}, finetune: {epochs: 1}}")
        == [
          "train@1", "train", "alternate/01/prune", "alternate/01/rewind", "alternate/01/finetune",
          "alternate/02/prune", "alternate/02/rewind", "alternate/02/finetune",
        ])
  }
}
