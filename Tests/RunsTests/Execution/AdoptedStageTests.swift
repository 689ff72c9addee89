import NumericCore
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Stages taken up after a kill between checkpoint and manifest") struct AdoptedStageTests {
  private static let searching = SearchFixture.stages.replacing(
    "finetune: {epochs: 1}", with: "finetune: {epochs: {max: 3, until: recovered}}")

  @Test(
    "have the records of an uninterrupted run, but for times", .timeLimit(.minutes(2)),
    arguments: [RunFixture.stages, AdoptedStageTests.searching])
  func records(stages: String) throws {
    let fixture = try SearchFixture.finished(stages)
    let whole = try fixture.manifest
    let files = try fixture.checkpoints()
    for (index, killed) in whole.stages.enumerated() where killed.file != nil {
      // As the kill leaves it: the stage's checkpoint, and nothing behind it.
      try fixture.changeManifest { $0.stages = Array(whole.stages[..<index]) }
      for record in whole.stages[(index + 1)...] {
        if let file = record.file { try DurableFile.remove(fixture.run.file(file)) }
      }
      try fixture.run()
      #expect(!fixture.computed.contains(killed.name))
      #expect(try fixture.manifest.stages.map(\.timeless) == whole.stages.map(\.timeless))
      #expect(try fixture.differences(from: files) == [])
    }
  }

  @Test("how a recovery ended stands in the checkpoint, and comes out of a replay")
  func recovery() throws {
    let fixture = try SearchFixture.finished(
      """
      stages:
        - train: {epochs: 1}
        - prune: {to: 0.5}
        - finetune: {epochs: {min: 2, max: 9, until: recovered}}
      """)
    let record = try #require(try fixture.manifest.stages.last)
    #expect(record.recovery != nil)
    #expect(try fixture.contents("finetune").lineage["recovery"] == record.recovery?.json)
    #expect(try fixture.contents("prune").lineage["recovery"] == nil)
    let replay = StageReplay(
      session: try fixture.session(), pool: WorkerPool(threadCount: 1), events: { _ in })
    #expect(try replay.run(stage: "finetune", restores: false).isSame)
  }
}

extension StageRecord {
  /// The record without what is measured by a clock.
  fileprivate var timeless: StageRecord {
    var record = self
    record.wallClockSeconds = 0
    record.finishedAt = ""
    record.search?.wallClockSeconds = 0
    return record
  }
}
