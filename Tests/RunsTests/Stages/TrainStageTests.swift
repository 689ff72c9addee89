import RunFixtures
import Runs
import Storage
import Testing

@Suite("Training stage") struct TrainStageTests {
  @Test("a diverging stage says where, and the checkpoints before it are intact")
  func divergence() throws {
    let fixture = try RunFixture(
      RunFixture.head + """
        stages:
          - train: {epochs: 1}
          - finetune: {epochs: 3, optimizer: {sgd: {learning_rate: 1e30}}}
        """)
    let failure = try #require(throws: RunFailure.self) { try fixture.run() }
    guard case .diverged(let stage, let epoch, let step, let learningRate) = failure else {
      Issue.record("not diverged: \(failure)")
      return
    }
    #expect(stage == "finetune")
    #expect(epoch == 1 && (2...3).contains(step))
    #expect(learningRate == 1e30)
    #expect(failure.exitCode == 1)
    #expect(fixture.computed == ["train"])
    #expect(try fixture.manifest.stages.map(\.name) == ["train"])
    #expect(try fixture.contents("train").state.network.isFinite)
    #expect(
      FilePaths.linkTarget(fixture.run.result)
        == FilePaths.name(of: try fixture.checkpoint("train")))

    // With a rate that works, only the stage itself runs.
    try fixture.run {
      $0.overrides = ["stages[1].finetune.optimizer.sgd.learning_rate=0.01"]
    }
    #expect(fixture.computed == ["finetune"])
  }

  @Test("an interruption between the step that diverged and the loss that shows it")
  func divergenceWhileSaving() throws {
    for stop in 2...5 {
      let fixture = try RunFixture(
        RunFixture.head + "stages: [train: {epochs: 3, optimizer: {sgd: {learning_rate: 1e38}}}]")
      do {
        try fixture.run(stopAt: stop)
        Issue.record("it neither diverged nor was it interrupted")
      } catch RunFailure.diverged(let stage, let epoch, _, let learningRate) {
        #expect(stage == "train" && epoch == 1 && learningRate == 1e38)
        #expect(!FilePaths.exists(fixture.run.progress))
      } catch RunFailure.interrupted {
        #expect(try StoredCheckpoint.contents(of: fixture.run.progress).state.network.isFinite)
      }
    }
  }

  @Test("progress tells where it stands")
  func resumed() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 6) }
    try fixture.run()
    let resumed = fixture.events.compactMap { event -> [Int]? in
      if case .stageResumed(_, let epoch, let step) = event { [epoch, step] } else { nil }
    }
    // The first question comes before the stage, the others behind its steps, three an epoch.
    #expect(resumed == [[1, 2]])
  }
}
