import NumericCore
import Reports
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Garbage collection") struct GarbageCollectionTests {
  private static let last = "alternate/02/finetune"

  private func finished() throws -> (fixture: RunFixture, checkpoints: [String: String]) {
    let fixture = try RunFixture()
    try fixture.run()
    return (fixture, try fixture.checkpoints())
  }

  private func collection(
    _ fixture: RunFixture, _ policy: RetentionPolicy = RetentionPolicy()
  ) throws -> GarbageCollection {
    GarbageCollection(
      folder: fixture.run, keep: .some(policy), plan: try fixture.session().preview().plan,
      surroundings: .still)
  }

  /// The names of the stages that stay, in order.
  private func kept(_ outcome: GarbageCollection.Outcome) -> [String] {
    outcome.verdicts.filter(\.isKept).map(\.record.name)
  }

  @Test("a policy that wants nothing leaves the result; the run is still done, and sound")
  func onlyResult() throws {
    let (fixture, expected) = try finished()
    let outcome = try collection(fixture).run()
    #expect(kept(outcome) == [Self.last])
    #expect(outcome.verdicts.last?.reasons == ["result", "resumable", "verified"])
    let name = FilePaths.name(of: try fixture.checkpoint(Self.last))
    #expect(Set(try fixture.checkpoints().keys) == [name])
    #expect(try fixture.checkpoints()[name] == expected[name])

    #expect(try fixture.run().computed == 0)
    #expect(fixture.warnings.isEmpty)
    let plan = try fixture.session().preview().plan
    let status = RunStatus(of: plan, in: fixture.run, manifest: try fixture.manifest)
    #expect(status.stages.allSatisfy { $0.state == .done } && status.summary == "done")
    let report = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(report.findings.isEmpty && report.checkpoints == 1 && report.measured == 1)
    #expect(
      report.notes == [
        "no checkpoint to measure again: train, evaluate, alternate/01/prune, "
          + "alternate/01/finetune, alternate/02/prune"
      ])
  }

  @Test("what a new stage needs of a model that is gone is computed again, with the same bits")
  func recomputed() throws {
    let (fixture, expected) = try finished()
    _ = try collection(fixture).run()
    try fixture.write(
      schedule: RunFixture.head
        + RunFixture.stages.replacing(
          "  - evaluate: {part: test}",
          with: "  - evaluate: {part: test}\n  - evaluate: {part: validation}"))
    #expect(try fixture.run().computed == 1)
    #expect(fixture.computed == ["train", "evaluate-2"])
    let train = FilePaths.name(of: try fixture.checkpoint("train"))
    #expect(try fixture.checkpoints()[train] == expected[train])
    #expect(FilePaths.linkTarget(fixture.run.result)?.contains("finetune") == true)
  }

  @Test("--from a stage whose parent is gone begins with the last one that is there")
  func from() throws {
    let (fixture, expected) = try finished()
    _ = try collection(fixture).run()
    try fixture.run { $0.from = Self.last }
    #expect(fixture.computed.last == Self.last)
    let name = FilePaths.name(of: try fixture.checkpoint(Self.last))
    #expect(try fixture.checkpoints()[name] == expected[name])
  }

  @Test("the policy keeps what it wants beside")
  func policy() throws {
    let (fixture, _) = try finished()
    let outcome = try collection(fixture, RetentionPolicy(last: 3)).run()
    #expect(kept(outcome) == ["alternate/01/finetune", "alternate/02/prune", Self.last])
    #expect(try fixture.checkpoints().count == 3)
    // The chain is as long as before, also where it has gaps.
    #expect(try kept(collection(fixture, RetentionPolicy(last: 2)).run()).count == 2)
  }

  @Test("a dry run says the same and changes nothing, not even the lock")
  func dryRun() throws {
    let (fixture, _) = try finished()
    let before = try fixture.states()
    let preview = try collection(fixture).preview()
    #expect(try fixture.states() == before)
    let outcome = try collection(fixture).run()
    #expect(preview.verdicts == outcome.verdicts && preview.bytes == outcome.bytes)
    #expect(preview.isDryRun && !outcome.isDryRun && outcome.bytes > 0)
  }

  @Test("keep: all deletes nothing")
  func all() throws {
    let (fixture, expected) = try finished()
    let outcome = try GarbageCollection(
      folder: fixture.run, keep: .all, plan: nil, surroundings: .still
    ).run()
    #expect(outcome.bytes == 0 && outcome.verdicts.allSatisfy { $0.reasons == ["all"] })
    #expect(try fixture.differences(from: expected) == [])
  }

  @Test("while a run holds the lock nothing is deleted")
  func locked() throws {
    let (fixture, expected) = try finished()
    let lock = try FileLock(path: fixture.run.lock, startedAt: "now")
    defer { withExtendedLifetime(lock) {} }
    #expect(throws: LockHeld.self) { try collection(fixture).run() }
    #expect(try fixture.differences(from: expected) == [])
  }

  @Test("where the last checkpoint is damaged, the last sound one stays too")
  func damagedLast() throws {
    let (fixture, _) = try finished()
    for stage in [Self.last, "alternate/02/prune"] {
      try ExecutorStartTests.Damage.flippedBit.apply(
        to: fixture.checkpoint(stage), in: fixture.folder)
    }
    let outcome = try collection(fixture).run()
    #expect(kept(outcome) == ["alternate/01/finetune", Self.last])
    #expect(outcome.verdicts[2].reasons == ["verified"])
    #expect(try fixture.run().computed == 2)
    #expect(fixture.computed == ["alternate/02/prune", Self.last])
  }

  @Test("where no checkpoint is sound, nothing is deleted")
  func allDamaged() throws {
    let (fixture, expected) = try finished()
    for name in expected.keys {
      try ExecutorStartTests.Damage.flippedBit.apply(to: "runs/tiny/" + name, in: fixture.folder)
    }
    let before = try fixture.checkpoints()
    let failure = try #require(throws: RunFailure.self) { try collection(fixture).run() }
    #expect(failure.exitCode == 11)
    #expect(try fixture.checkpoints() == before)
  }

  @Test("what an interrupted stage goes on from stays, and the run ends in the same bits")
  func interrupted() throws {
    let (_, expected) = try finished()
    let fixture = try RunFixture()
    try fixture.interrupt(in: Self.last)
    let outcome = try collection(fixture).run()
    #expect(kept(outcome) == ["alternate/02/prune"])
    #expect(FilePaths.exists(fixture.run.progress))
    try fixture.run()
    #expect(fixture.computed == [Self.last])
    let name = FilePaths.name(of: try fixture.checkpoint(Self.last))
    #expect(try fixture.checkpoints()[name] == expected[name])
  }

  @Test("what an edited schedule goes on from stays, beside the old result")
  func edited() throws {
    let (fixture, _) = try finished()
    try fixture.write(
      schedule: RunFixture.head + RunFixture.stages.replacing("rounds: 2", with: "rounds: 3"))
    // Every round has another sparsity now: only the first training is still of use.
    #expect(try kept(collection(fixture).run()) == ["train", Self.last])
  }

  @Test("a shortened schedule: what lies behind its end counts for nothing")
  func shortened() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let schedule = RunFixture.head + "stages: [train: {epochs: 2}]"
    try fixture.write(schedule: schedule)
    try fixture.run()
    let outcome = try collection(fixture, RetentionPolicy(last: 3)).run()
    #expect(kept(outcome) == ["train"])
    #expect(outcome.verdicts[0].reasons == ["result", "resumable", "verified", "last"])
  }

  @Test("what was exported stays; a note that is torn or of something else does no harm")
  func exported() throws {
    let (fixture, _) = try finished()
    let record = try #require(try fixture.manifest.stages.first { $0.name.hasSuffix("01/prune") })
    let pins = CheckpointPins(of: fixture.run)
    try pins.add(
      .exported, key: record.key, file: record.file ?? "", target: "x.safetensors", time: "now")
    try pins.add(.exported, key: "other", file: "other", target: "y.safetensors", time: "now")
    try DurableFile.append(Array(#"{"key":"1"#.utf8), to: fixture.run.pins)
    let outcome = try collection(fixture).run()
    #expect(kept(outcome) == ["alternate/01/prune", Self.last])
    #expect(outcome.verdicts[1].reasons == ["exported"])
  }

  @Test("what a killed collection left behind goes with the next one")
  func leftovers() throws {
    let (fixture, expected) = try finished()
    let train = FilePaths.name(of: try fixture.checkpoint("train"))
    let bytes = try fixture.folder.read("runs/tiny/" + train)
    _ = try collection(fixture).run()
    try fixture.folder.write(bytes, to: "runs/tiny/" + train)
    let report = try RunVerification(folder: fixture.run, surroundings: .still).report()
    #expect(report.findings.isEmpty && report.notes.count == 1)
    #expect(
      report.notes[0].hasSuffix(
        "\(train): let go by ecpipe gc or run --from, which was killed; the next ecpipe run, or gc that keeps less "
          + "than all, takes it away"))
    let outcome = try collection(fixture).run()
    #expect(outcome.leftovers == [train] && outcome.bytes == bytes.count)
    #expect(try fixture.checkpoints().count == 1)
    #expect(expected.count == 5)
  }

  @Test(
    "killed on a full disk, where a file makes room before the manifest says so: let go, and sound",
    arguments: [true, false])
  func killedOnFullDisk(isEmptied: Bool) throws {
    let (fixture, _) = try finished()
    let file = fixture.folder.file(try fixture.checkpoint("train"))
    try DurableFile.move(file, to: file + ".released")
    if isEmptied { try DurableFile.empty(file + ".released") }
    #expect(
      try RunVerification(folder: fixture.run, surroundings: .still).report().findings.isEmpty)
    #expect(try fixture.manifest.stages.first { $0.name == "train" }?.isReleased == true)
    #expect(try fixture.run().computed == 0)
    let outcome = try collection(fixture).run()
    #expect(kept(outcome) == [Self.last])
    #expect(!FilePaths.entries(of: fixture.run.path).contains { $0.hasSuffix(".released") })
    #expect(try fixture.manifest.stages.first { $0.name == "train" }?.isReleased == true)
    #expect(
      try RunVerification(folder: fixture.run, surroundings: .still).report().findings.isEmpty)
  }

  @Test("killed before the link was moved: the newer checkpoint is the one that stays")
  func staleResult() throws {
    let (fixture, _) = try finished()
    let before = FilePaths.name(of: try fixture.checkpoint("alternate/02/prune"))
    try DurableFile.link(fixture.run.result, to: before)
    #expect(
      try kept(
        GarbageCollection(
          folder: fixture.run, keep: .some(RetentionPolicy()), plan: nil, surroundings: .still
        ).run())
        == ["alternate/02/prune", Self.last])
  }

  @Test("JSON: format, verdicts with their reasons, bytes")
  func json() throws {
    let (fixture, _) = try finished()
    let json = try collection(fixture, RetentionPolicy(best: 1)).preview().json
    #expect(
      json.objectValue?.names == [
        "bytes", "checkpoints", "dry_run", "format", "keep", "leftovers", "name",
        "tables",
      ])
    #expect(json["format"] == 1 && json["dry_run"] == true)
    #expect(json["keep"]?.canonical == #"{"best":1,"daily":0,"last":0,"weekly":0}"#)
    #expect(json["checkpoints"]?.arrayValue?.count == 5)
    #expect(
      json["checkpoints"]?[0]?.objectValue?.names == [
        "bytes", "file", "kept", "key", "reasons", "stage",
      ])
  }
}
