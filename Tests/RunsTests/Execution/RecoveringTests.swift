import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Schedules
import Testing

@Suite("Fine-tuning until the loss has recovered") struct RecoveringTests {
  private static let stages = """
    stages:
      - train: {epochs: 1}
      - prune: {to: 0.5}
      - finetune: {epochs: {min: 2, max: 9, until: recovered}}
    """

  /// The validation losses of the stage `name`, epoch by epoch.
  private func losses(_ fixture: RunFixture, _ name: String) -> [Double] {
    fixture.events.compactMap { event in
      if case .epochFinished(let stage, let report, _) = event, stage.name == name {
        return report.validation?.loss
      }
      return nil
    }
  }

  @Test("it ends after the first epoch at which the loss is what it was before the pruning")
  func end() throws {
    let fixture = try SearchFixture.finished(Self.stages)
    let records = try fixture.manifest.stages
    let reference = records[0].metrics[0].metrics.loss
    let losses = losses(fixture, "finetune")
    let expected = (2...9).first { losses.count >= $0 && losses[$0 - 1] <= reference } ?? 9
    #expect(losses.count == expected && expected < 9)
    let recovery = try #require(records[2].recovery)
    #expect(recovery.epochs == expected && recovery.recovered && recovery.reference == reference)
    #expect(records[0].recovery == nil && records[1].recovery == nil)
    // The rate decays over all epochs that there may be.
    let decaying = try SearchFixture.finished(
      Self.stages.replacing(
        "until: recovered}", with: "until: recovered}, decay: {linear: {to: 0}}"))
    let rates = decaying.events.compactMap { event -> Double? in
      if case .epochFinished(let stage, let report, _) = event, stage.name == "finetune" {
        return report.learningRate
      }
      return nil
    }
    let rate = try #require(rates.first)
    // The last of three steps an epoch, of 27.
    #expect(abs(rate - 0.01 * (1 - 2.0 / 26)) < 1e-4)
  }

  @Test("where the loss does not recover, all epochs are run, and the record says so")
  func never() throws {
    let fixture = try SearchFixture.finished(
      """
      stages:
        - train: {epochs: 9}
        - prune: {to: 0.96, criterion: random}
        - finetune: {epochs: {max: 2, until: recovered}}
      """)
    let recovery = try #require(try fixture.manifest.stages[2].recovery)
    #expect(recovery.epochs == 2 && !recovery.recovered)
  }

  @Test("a stage with a loss of its own is measured by that loss")
  func ownLoss() throws {
    let fixture = try SearchFixture.finished(
      Self.stages.replacing("until: recovered}", with: "until: recovered}, label_smoothing: 0.3"))
    let record = try fixture.manifest.stages[2]
    let recovery = try #require(record.recovery)
    #expect(recovery.reference != (try fixture.manifest.stages[0].metrics[0].metrics.loss))
    let data = try fixture.session().planAndData().data
    let validation = try #require(data.validation)
    let own = Evaluator(
      samples: validation, loss: .crossEntropy(labelSmoothing: 0.3),
      pool: WorkerPool(threadCount: 1)
    ).metrics(of: try fixture.contents("train").state.network)
    #expect(recovery.reference == own.loss)
    // Also where the model before the pruning has to be computed again for it, in memory.
    _ = try GarbageCollection(
      folder: fixture.run, keep: .some(RetentionPolicy()),
      plan: fixture.session().preview().plan, surroundings: .still
    ).run()
    let outcome = try StageReplay(
      session: fixture.session(), pool: WorkerPool(threadCount: 1), events: { _ in }
    ).run(stage: "finetune", restores: false)
    #expect(outcome.isSame)
  }

  @Test("rounds recover what their own pruning cost")
  func rounds() throws {
    let fixture = try SearchFixture.finished(
      """
      stages:
        - train: {epochs: 2}
        - alternate:
            rounds: 2
            sparsity: {to: 0.6}
            rewind: {to: train}
            finetune: {epochs: {max: 3, until: recovered}}
      """)
    let records = try fixture.manifest.stages
    func record(_ name: String) throws -> StageRecord {
      try #require(records.first { $0.name == name })
    }
    for (stage, before) in [
      ("alternate/01/finetune", "train"), ("alternate/02/finetune", "alternate/01/finetune"),
    ] {
      #expect(
        try record(stage).recovery?.reference == record(before).metrics[0].metrics.loss)
    }
  }

  @Test("trials of a search recover the last model that held")
  func trials() throws {
    let fixture = try SearchFixture.finished(
      SearchFixture.stages.replacing(
        "finetune: {epochs: 1}", with: "finetune: {epochs: {max: 3, until: recovered}}"))
    let records = try fixture.manifest.recordsByKey
    for record in records.values where record.verdict != nil {
      let pruned = try #require(records[record.parent])
      let before = try #require(records[pruned.parent])
      #expect(record.recovery?.reference == before.metrics[0].metrics.loss)
    }
  }

  @Test("there has to be a pruning right before it")
  func nothing() throws {
    for stages in [
      "finetune: {epochs: {max: 2, until: recovered}}",
      "prune: {to: 0.5}, train: {epochs: 1}, finetune: {epochs: {max: 2, until: recovered}}",
    ] {
      let failure = try #require(throws: PlanObstacle.self) {
        try PlanFixture.plan("stages: [\(stages)]")
      }
      #expect(
        "\(failure)".contains(
          "stage finetune: no pruning comes right before it, so there is nothing to recover from"))
    }
  }
}
