import NeuralNetworks
import NumericCore
import Reports
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

/// What a search goes on from after a kill, damage, or a collection.
@Suite("Going on with a search") struct ExecutorSearchStartTests {
  /// A run stopped inside the third trial's fine-tuning, and the checkpoints of a whole one.
  private func interrupted() throws -> (fixture: RunFixture, expected: [String: String]) {
    let whole = try SearchFixture.finished()
    let fixture = try RunFixture(RunFixture.head + SearchFixture.stages)
    for _ in 0..<200 {
      do {
        // A step or two a session.
        try fixture.run(stopAt: 3)
        Issue.record("the run ended before the third trial")
      } catch RunFailure.interrupted(let stage, _) {
        if stage != "alternate/03/finetune" || !FilePaths.exists(fixture.run.progress) { continue }
      }
      break
    }
    return (fixture, try whole.checkpoints())
  }

  @Test("progress inside a trial is recognised, and the search goes on with it")
  func progress() throws {
    let (fixture, expected) = try interrupted()
    let plan = try fixture.session().preview().plan
    let status = RunStatus(of: plan, in: fixture.run, manifest: try fixture.manifest)
    let states = status.stages.map { "\($0.name) \($0.state)" }
    #expect(states.contains("alternate/02/finetune done"))
    #expect(states.contains("alternate/03/finetune interrupted"))
    #expect(states.suffix(2) == ["alternate pending", "evaluate pending"])
    #expect(status.stages.last?.weights == nil && status.summary == "interrupted")
    try fixture.run(threads: 2)
    #expect(fixture.warnings.isEmpty)
    #expect(fixture.computed.first == "alternate/03/finetune")
    #expect(try fixture.differences(from: expected) == [])
  }

  @Test("a verdict that was not written is found again, also without a manifest")
  func verdicts() throws {
    let (fixture, expected) = try interrupted()
    let known = try fixture.verdicts()
    try fixture.changeRecord("alternate/02/finetune") { $0.verdict = nil }
    #expect(try fixture.verdicts().count == known.count - 1)
    try fixture.run()
    #expect(fixture.computed.first == "alternate/03/finetune")
    #expect(try fixture.verdicts().prefix(2) == known.prefix(2))
    #expect(try fixture.differences(from: expected) == [])

    let (other, _) = try interrupted()
    try DurableFile.remove(other.run.manifest)
    try other.run()
    #expect(other.computed.first == "alternate/03/finetune")
    #expect(try other.differences(from: expected) == [])
  }

  @Test("without its manifest a finished search is taken up with all its trials")
  func lostManifest() throws {
    let fixture = try SearchFixture.finished()
    let expected = try fixture.checkpoints()
    let before = try fixture.manifest
    try DurableFile.remove(fixture.run.manifest)
    try fixture.run()
    #expect(fixture.computed == ["evaluate"])
    #expect(try fixture.differences(from: expected) == [])
    let now = try fixture.manifest
    for record in before.stages where record.kind.changesModel {
      let again = try #require(now.record(of: record.key))
      #expect(again.verdict == record.verdict && again.metrics == record.metrics)
      #expect(again.search?.held == record.search?.held)
    }
  }

  @Test("any checkpoint damaged: what is needed is computed anew, in the same bits")
  func damage() throws {
    let (finished, expected) = try (SearchFixture.finished(), interrupted().expected)
    let names = try finished.manifest.stages.filter { $0.kind.changesModel }.map(\.name)
    for name in names {
      let fixture = try SearchFixture.finished()
      let verdicts = try fixture.verdicts()
      for damaged in [name, "alternate"] {
        try fixture.folder.write("", to: fixture.checkpoint(damaged))
      }
      try fixture.run()
      #expect(fixture.computed.contains("alternate"))
      #expect(try fixture.verdicts() == verdicts)
      let present = try fixture.checkpoints()
      let last = FilePaths.name(of: try fixture.checkpoint("alternate"))
      #expect(present[last] == expected[last], "\(name)")
    }
  }

  @Test("a search under way keeps what it goes on from, whatever gc is asked for")
  func collection() throws {
    let (fixture, expected) = try interrupted()
    let plan = try fixture.session().preview().plan
    let outcome = try GarbageCollection(
      folder: fixture.run, keep: .some(RetentionPolicy()), plan: plan, surroundings: .still
    ).run()
    let kept = outcome.verdicts.filter(\.isKept).map(\.record.name)
    #expect(kept.contains("train") && kept.contains("alternate/03/prune"))
    let verdicts = try fixture.verdicts()
    let held = verdicts.lastIndex(of: true).map { "alternate/0\($0 + 1)/finetune" } ?? "train"
    #expect(kept.contains(held))
    try fixture.run()
    #expect(fixture.computed.first == "alternate/03/finetune")
    let present = try fixture.checkpoints()
    #expect(present.allSatisfy { expected[$0.key] == $0.value })
    #expect(try fixture.run().computed == 0)
  }

  @Test("trials are verified, replayed and told in the lineage like other stages")
  func inspection() throws {
    let fixture = try SearchFixture.finished()
    let pool = WorkerPool(threadCount: 1)
    let report = try DeepVerification(
      folder: fixture.run, pool: pool, surroundings: .still
    ).report()
    let models = try fixture.manifest.stages.filter { $0.kind.changesModel }
    #expect(report.findings.isEmpty && report.notes.isEmpty)
    #expect(report.checkpoints == models.count && report.measured == models.count + 1)
    for record in models {
      let outcome = try StageReplay(session: fixture.session(), pool: pool, events: { _ in })
        .run(stage: record.name, restores: false)
      #expect(outcome.isSame && outcome.computed == [record.name], "\(record.name)")
    }
    let search = try #require(models.last)
    let lineage = try CheckpointLineage(of: fixture.folder.file(fixture.checkpoint("alternate")))
    let held = try #require(search.search?.held)
    #expect(lineage.steps.prefix(2).map(\.stage) == ["alternate", held])
    #expect(lineage.steps.last?.stage == "train" && lineage.missing == nil)
    // Let go by gc, a search is computed again from the trials.
    _ = try GarbageCollection(
      folder: fixture.run, keep: .some(RetentionPolicy()),
      plan: fixture.session().preview().plan, surroundings: .still
    ).run()
    let replay = try StageReplay(session: fixture.session(), pool: pool, events: { _ in })
      .run(stage: "alternate", restores: false)
    #expect(replay.isSame && replay.start == nil && replay.computed.first == "train")
  }

  @Test("a demand for the same fingerprint looks at all that a search goes on from")
  func strict() throws {
    let (fixture, expected) = try interrupted()
    try fixture.run { $0.isStrict = true }
    #expect(try fixture.differences(from: expected) == [])
  }
}
