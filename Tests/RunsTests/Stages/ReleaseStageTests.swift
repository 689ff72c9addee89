import NeuralNetworks
import NumericCore
import Pruning
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Release stages")
struct ReleaseStageTests {
  private static let stages = """
    stages:
      - train: {epochs: 2}
      - alternate:
          rounds: 4
          sparsity: {to: 0.9}
          release: {share: 0.4, noise: 0.2, every: 2}
          finetune: {epochs: 1, optimizer: continue}
      - evaluate: {part: test}
    """

  private func finished() throws -> RunFixture {
    let fixture = try RunFixture(RunFixture.head + Self.stages)
    try fixture.run()
    return fixture
  }

  @Test("come behind the pruning of every so many rounds, and not in the last one")
  func names() throws {
    let plan = try PlanFixture.plan(Self.stages)
    #expect(
      plan.stages.map(\.name) == [
        "train", "alternate/01/prune", "alternate/01/finetune", "alternate/02/prune",
        "alternate/02/shrink", "alternate/02/release", "alternate/02/finetune",
        "alternate/03/prune", "alternate/03/finetune", "alternate/04/prune",
        "alternate/04/finetune", "evaluate",
      ])
    let everyRound = try PlanFixture.plan(Self.stages, changes: [("every: 2", "every: 1")])
    #expect(everyRound.stages.count { $0.kind == .release } == 3)
    #expect(throws: (any Error).self) {
      try PlanFixture.plan(
        Self.stages, changes: [("release:", "rewind: {to: train}\n      release:")])
    }
  }

  @Test("bring the share of removed weights back, and the run ends at its sparsity")
  func weights() throws {
    let fixture = try finished()
    let (shrunk, released) = (
      try fixture.contents("alternate/02/shrink").state,
      try fixture.contents("alternate/02/release").state
    )
    let seed = Philox.seed(7, named: "alternate/02/release")
    #expect(Release(share: 0.4, noise: 0.2).release(shrunk, seed: seed) == released)
    #expect(released.network.remaining > shrunk.network.remaining)
    let records = try fixture.manifest.stages
    for name in ["alternate/04/finetune", "evaluate"] {
      let record = try #require(records.first { $0.name == name })
      #expect(record.weights == 9 && record.sparsity == Double(86) / 95)
    }
    let report = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(report.findings.isEmpty && report.notes.isEmpty && report.checkpoints == 11)
    #expect(try fixture.run().computed == 0)
  }

  @Test("interrupted anywhere the run ends in the same bits")
  func interrupted() throws {
    let fixture = try finished()
    let expected = try fixture.checkpoints()
    for stop in stride(from: 1, through: fixture.questions, by: 6) {
      _ = try? fixture.run(stopAt: stop) { $0.fresh = true }
      try fixture.run(threads: 2)
      #expect(fixture.warnings.isEmpty)
      #expect(try fixture.differences(from: expected) == [], "stopped at \(stop)")
    }
  }
}
