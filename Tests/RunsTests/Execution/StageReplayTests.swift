import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Stage replay") struct StageReplayTests {
  private static let last = "alternate/02/finetune"

  private func finished(_ schedule: String = RunFixture.head + RunFixture.stages) throws -> (
    fixture: RunFixture, checkpoints: [String: String]
  ) {
    let fixture = try RunFixture(schedule)
    try fixture.run()
    return (fixture, try fixture.checkpoints())
  }

  private func replay(
    _ fixture: RunFixture, _ stage: String, restores: Bool = false
  ) throws -> (outcome: StageReplay.Outcome, warnings: [String]) {
    var warnings: [String] = []
    let outcome = try StageReplay(
      session: fixture.session(), pool: WorkerPool(threadCount: 2),
      events: { if case .notice(.warning(let text)) = $0 { warnings.append(text) } }
    ).run(stage: stage, restores: restores)
    return (outcome, warnings)
  }

  @Test("every stage comes out with the same bits, and nothing changes")
  func same() throws {
    let (fixture, _) = try finished()
    let before = try fixture.states()
    var parent: String?
    for record in try fixture.manifest.stages where record.kind.changesModel {
      let outcome = try replay(fixture, record.name).outcome
      #expect(outcome.isSame && outcome.sha256 == record.sha256)
      #expect(outcome.start == parent && outcome.computed == [record.name])
      #expect(outcome.differences.isEmpty && outcome.restored == nil)
      parent = record.name
    }
    #expect(try fixture.states() == before)
  }

  @Test("stages that go on with the optimizer come out with the same bits")
  func continuedOptimizer() throws {
    let (fixture, _) = try finished(
      RunFixture.head + """
        stages:
          - train: {epochs: 2}
          - prune: {to: 0.5}
          - finetune: {epochs: 2, optimizer: continue}
        """)
    for stage in ["train", "prune", "finetune"] {
      #expect(try replay(fixture, stage).outcome.isSame)
    }
    let names = try fixture.manifest.stages.map(\.key).prefix(2)
    var store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: CheckpointWriting(level: 9))
    try store.release(keys: Set(names))
    let outcome = try replay(fixture, "finetune").outcome
    #expect(outcome.isSame && outcome.computed == ["train", "prune", "finetune"])
  }

  @Test("where the parent is damaged or was let go, the nearest sound ancestor serves")
  func ancestors() throws {
    let (fixture, _) = try finished()
    try ExecutorStartTests.Damage.flippedBit.apply(
      to: fixture.checkpoint("alternate/02/prune"), in: fixture.folder)
    let key = try #require(try fixture.manifest.stages.first { $0.name.hasSuffix("01/finetune") })
      .key
    var store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: CheckpointWriting(level: 9))
    try store.release(keys: [key])
    let (outcome, warnings) = try replay(fixture, Self.last)
    #expect(outcome.isSame && outcome.start == "alternate/01/prune")
    #expect(outcome.computed == ["alternate/01/finetune", "alternate/02/prune", Self.last])
    #expect(warnings.count == 1 && warnings[0].contains("alternate/02/prune is computed again"))
  }

  @Test(
    "a missing or damaged checkpoint is put back", arguments: ExecutorStartTests.Damage.allCases)
  func restored(damage: ExecutorStartTests.Damage) throws {
    let (fixture, expected) = try finished()
    let name = try fixture.checkpoint("alternate/01/prune")
    try damage.apply(to: name, in: fixture.folder)
    let manifest = try fixture.folder.read("runs/tiny/run.json")
    #expect(try replay(fixture, "alternate/01/prune").outcome.restored == nil)
    let outcome = try replay(fixture, "alternate/01/prune", restores: true).outcome
    #expect(outcome.isSame && outcome.restored == fixture.folder.file(name))
    #expect(try fixture.differences(from: expected) == [])
    #expect(try fixture.folder.read("runs/tiny/run.json") == manifest)
    #expect(FilePaths.isTaken(fixture.folder.file(name) + ".damaged") == (damage != .gone))
    #expect(
      try RunVerification(folder: fixture.run, surroundings: .still).report().findings.isEmpty)
    // What is sound stays.
    #expect(try replay(fixture, "alternate/01/prune", restores: true).outcome.restored == nil)
  }

  @Test("a checkpoint that was let go is put back and listed again")
  func released() throws {
    let (fixture, expected) = try finished()
    let before = try fixture.manifest
    var store = try CheckpointStore(
      opening: fixture.run, manifest: before, writing: CheckpointWriting(level: 9))
    try store.release(keys: [before.stages[0].key])
    #expect(try replay(fixture, "train", restores: true).outcome.restored != nil)
    #expect(try fixture.differences(from: expected) == [])
    #expect(try fixture.manifest == before)
  }

  @Test("--restore takes the lock")
  func locked() throws {
    let (fixture, _) = try finished()
    let lock = try FileLock(path: fixture.run.lock, startedAt: "now")
    defer { withExtendedLifetime(lock) {} }
    #expect(try replay(fixture, "train").outcome.isSame)
    #expect(throws: LockHeld.self) { try replay(fixture, "train", restores: true) }
  }

  @Test("other values: the entries are named, and nothing is put back")
  func otherValues() throws {
    let (fixture, _) = try finished()
    try fixture.forge(Self.last) { $0.state.network.layers[1].bias[0] += 1 }
    let before = try fixture.checkpoints()
    let outcome = try replay(fixture, Self.last, restores: true).outcome
    #expect(!outcome.isSame && outcome.restored == nil)
    #expect(outcome.differences == ["other entries: hidden2.bias"])
    #expect(try fixture.checkpoints() == before)
    let failure = try #require(throws: RunFailure.self) { try outcome.check() }
    #expect(failure.exitCode == 1)
    #expect(
      "\(failure)" == "stage \(Self.last): computed again it has other bits than recorded: other "
        + "entries: hidden2.bias")
  }

  @Test("another processor: said, with what differs")
  func otherMachine() throws {
    let (fixture, _) = try finished()
    try fixture.forge(Self.last) { $0.fingerprint["blas_core"] = "Other" }
    let differences = try replay(fixture, Self.last).outcome.differences
    #expect(differences.count == 1)
    #expect(
      differences[0].hasPrefix(
        "the values are the same, but it was made with another processor, library or engine "
          + "(blas_core was \"Other\" and is "))
    // The header says so even where the values behind it are damaged.
    let name = try fixture.checkpoint(Self.last)
    var bytes = try fixture.folder.read(name)
    bytes[bytes.count - 1] ^= 1
    try fixture.folder.write(bytes, to: name)
    #expect(try replay(fixture, Self.last, restores: true).outcome.differences == differences)
    #expect(try fixture.folder.read(name) == bytes)
  }

  @Test("a SHA-256 that no computation gives: what is not known is said")
  func unknown() throws {
    let (fixture, _) = try finished()
    let digest = Digest.sha256("another")
    try fixture.changeRecord(Self.last) { $0.sha256 = digest }
    let damaged = try replay(fixture, Self.last).outcome
    #expect(!damaged.isSame && damaged.recordedSHA256 == digest)
    #expect(damaged.differences.count == 1)
    #expect(damaged.differences[0].hasPrefix("its checkpoint is damaged ("))
    try fixture.changeRecord(Self.last) { record in
      record.file = nil
      record.bytes = nil
    }
    #expect(
      try replay(fixture, Self.last).outcome.differences == [
        "its checkpoint was let go; what differs is not known"
      ])
  }

  @Test("a checkpoint of another level of compression comes out the same")
  func level() throws {
    let schedule = RunFixture.head + "checkpoints: {level: 1}\n" + RunFixture.stages
    let (fixture, _) = try finished(schedule)
    try fixture.write(schedule: schedule.replacing("level: 1", with: "level: 19"))
    #expect(try fixture.run().computed == 0)
    #expect(try replay(fixture, "train").outcome.isSame)
    try ExecutorStartTests.Damage.gone.apply(to: fixture.checkpoint("train"), in: fixture.folder)
    #expect(try replay(fixture, "train", restores: true).outcome.restored != nil)
  }

  @Test("stages that cannot be computed again are refused with the reason")
  func refused() throws {
    let (fixture, _) = try finished()
    func failure(_ stage: String) throws -> RunFailure {
      try #require(throws: RunFailure.self) { try replay(fixture, stage) }
    }
    #expect(try failure("trian").exitCode == 64)
    #expect(try "\(failure("evaluate"))".contains("ecpipe verify"))
    try fixture.write(
      schedule: RunFixture.head + RunFixture.stages.replacing("epochs: 2", with: "epochs: 3")
        + "\n  - train: {epochs: 1}")
    let changed = try failure("train")
    #expect(changed.exitCode == 65)
    #expect("\(changed)".contains("was computed with other settings, data or engine"))
    #expect(try "\(failure("train-2"))".contains("is not computed yet"))
  }

  @Test("JSON: format, both digests, what was computed")
  func json() throws {
    let (fixture, _) = try finished()
    let json = try replay(fixture, "train").outcome.json
    #expect(
      json.objectValue?.names == [
        "computed", "differences", "format", "key", "recorded_sha256", "restored", "same", "sha256",
        "stage", "start",
      ])
    #expect(json["format"] == 1 && json["same"] == true && json["start"] == .null)
  }
}
