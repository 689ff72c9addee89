import ModelFiles
import NumericCore
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

/// Runs whose checkpoints tell only what has changed since the one before.
@Suite("Runs with delta: true") struct DeltaRunTests {
  private static let delta = "\ncheckpoints: {delta: true}\n"
  /// Eleven model stages, more than a chain may be long.
  private static let stages = """
    stages:
      - train: {epochs: 1}
      - alternate:
          rounds: 5
          sparsity: {to: 0.8}
          finetune: {epochs: 1}
    """

  private func finished() throws -> RunFixture {
    let fixture = try RunFixture(RunFixture.head + Self.stages + Self.delta)
    try fixture.run()
    return fixture
  }

  @Test("the models are those of whole checkpoints, the keys the same, the files smaller")
  func sameModels() throws {
    let whole = try RunFixture(RunFixture.head + Self.stages)
    try whole.run()
    let fixture = try finished()
    let records = try fixture.manifest.stages
    #expect(records.map(\.key) == (try whole.manifest.stages.map(\.key)))
    for record in records {
      #expect(try fixture.contents(record.name).state == whole.contents(record.name).state)
    }
    let prunes = records.filter { $0.kind == .prune && $0.base != nil }
    let before = try whole.manifest.stages.filter { stage in
      prunes.contains { $0.key == stage.key }
    }
    #expect(!prunes.isEmpty)
    #expect(prunes.compactMap(\.bytes).reduce(0, +) < before.compactMap(\.bytes).reduce(0, +))
  }

  @Test("each goes on from the one before, and after eight a whole one follows")
  func chains() throws {
    let fixture = try finished()
    let records = try fixture.manifest.stages
    #expect(records.count == 11)
    for (index, record) in records.enumerated() {
      let isWhole = index % (CheckpointBase.longestChain + 1) == 0
      #expect(record.base == (isWhole ? nil : records[index - 1].key), "\(record.name)")
      let summary = try StoredCheckpoint.summary(
        of: fixture.folder.file(fixture.checkpoint(record.name)))
      #expect(summary.base?.key == record.base)
      #expect(summary.identity?.chain == index % (CheckpointBase.longestChain + 1))
    }
  }

  @Test("interrupted at every question and continued, on other threads, the bits are the same")
  func interruptions() throws {
    let fixture = try finished()
    let expected = try fixture.checkpoints()
    let questions = fixture.questions
    for stop in stride(from: 1, to: questions, by: 5) {
      let other = try RunFixture(RunFixture.head + Self.stages + Self.delta)
      #expect(throws: RunFailure.self) { try other.run(stopAt: stop) }
      try other.run(threads: 2)
      #expect(try other.differences(from: expected) == [])
    }
  }

  @Test("without the file that it goes on from, a checkpoint is damaged, and a run recovers")
  func missingBase() throws {
    let fixture = try finished()
    let expected = try fixture.checkpoints()
    let records = try fixture.manifest.stages
    // The last stage goes on from the one before, which is whole or goes on from another.
    let last = records[10]
    let base = try #require(records.first { $0.key == last.base })
    try DurableFile.remove(fixture.folder.file(fixture.checkpoint(base.name)))
    let failure = try #require(throws: RunFailure.self) { try fixture.contents(last.name) }
    #expect(failure.exitCode == 11)
    #expect("\(failure)".contains("key \(base.key.prefix(8))"))
    let report = try RunVerification(folder: fixture.run, surroundings: .still).report()
    #expect(report.findings.map(\.stage) == [base.name])

    try fixture.run()
    #expect(fixture.computed.contains(base.name))
    #expect(
      try RunVerification(folder: fixture.run, surroundings: .still).report().findings.isEmpty)
    for (name, digest) in expected {
      #expect(try fixture.checkpoints()[name] == digest, "\(name)")
    }
  }

  @Test(
    "a run --from that stops among its renames leaves no damage, and the next run computes what it forgot"
  )
  func stoppedAmongRenames() throws {
    let fixture = try finished()
    let expected = try fixture.checkpoints()
    let before = try StoredCheckpoint.contents(of: fixture.run.result).state
    let records = try fixture.manifest.stages
    // A name that has no room for what is put behind it, in the middle of those that are renamed.
    let ending = CheckpointName.ending(key: records[6].key)
    let name = "06-" + String(repeating: "x", count: 250 - 3 - ending.utf8.count) + ending
    let obstacle = fixture.run.file(name)
    try DurableFile.append(Array("x".utf8), to: obstacle)
    #expect(throws: StoreError.self) { try fixture.run { $0.from = "alternate/02/prune" } }
    let names = FilePaths.entries(of: fixture.run.path)
    #expect(names.count { $0.contains(".replaced") } == 4)
    try DurableFile.remove(obstacle)
    #expect(
      try RunVerification(folder: fixture.run, surroundings: .still).report().findings.isEmpty)
    #expect(try StoredCheckpoint.contents(of: fixture.run.result).state == before)

    try fixture.run()
    #expect(fixture.computed == records[3...].map(\.name))
    #expect(!fixture.warnings.contains { $0.contains("damaged") })
    #expect(!FilePaths.entries(of: fixture.run.path).contains { $0.contains(".damaged") })
    #expect(try fixture.differences(from: expected) == [])
    #expect(try StoredCheckpoint.contents(of: fixture.run.result).state == before)
    #expect(
      try RunVerification(folder: fixture.run, surroundings: .still).report().findings.isEmpty)
  }

  @Test("another file under the name of the base is not taken for it")
  func otherBase() throws {
    let fixture = try finished()
    let records = try fixture.manifest.stages
    let first = try fixture.folder.read(fixture.checkpoint(records[0].name))
    try fixture.folder.write(first, to: fixture.checkpoint(records[1].name))
    let failure = try #require(throws: RunFailure.self) { try fixture.contents(records[2].name) }
    #expect(failure.exitCode == 11)
  }

  @Test("a link elsewhere finds the base beside the file it leads to")
  func link() throws {
    let fixture = try finished()
    let path = fixture.folder.file(try fixture.checkpoint("alternate/02/prune"))
    try DurableFile.link(fixture.folder.file("link.safetensors"), to: path)
    let state = try StoredCheckpoint.contents(of: fixture.folder.file("link.safetensors")).state
    #expect(try state == fixture.contents("alternate/02/prune").state)
    // A copy elsewhere does not.
    try fixture.folder.write(
      fixture.folder.read(fixture.checkpoint("alternate/02/prune")), to: "copy.safetensors")
    #expect(throws: RunFailure.self) {
      try StoredCheckpoint.contents(of: fixture.folder.file("copy.safetensors"))
    }
  }

  @Test("a stage is replayed to the same bits, and put back; without its base, that is said")
  func replay() throws {
    let fixture = try finished()
    let records = try fixture.manifest.stages
    let bytes = try fixture.folder.read(fixture.checkpoint("alternate/02/finetune"))
    try fixture.folder.write(
      Array(bytes.dropLast()), to: fixture.checkpoint("alternate/02/finetune"))
    func replay(_ name: String) throws -> StageReplay.Outcome {
      try StageReplay(
        session: fixture.session(), pool: WorkerPool(threadCount: 1), events: { _ in }
      ).run(stage: name, restores: true)
    }
    let failure = try #require(throws: RunFailure.self) { try replay("alternate/03/prune") }
    #expect("\(failure)".contains("ecpipe replay alternate/02/finetune"))
    #expect(try replay("alternate/02/finetune").isSame)
    #expect(try fixture.folder.read(fixture.checkpoint("alternate/02/finetune")) == bytes)
    #expect(try replay("alternate/03/prune").isSame)
    #expect(try fixture.manifest.stages == records)
  }

  @Test("a collection keeps what a kept checkpoint goes on from")
  func collection() throws {
    let fixture = try finished()
    let plan = try fixture.session().preview().plan
    let outcome = try GarbageCollection(
      folder: fixture.run, keep: .some(RetentionPolicy(last: 1)), plan: plan, surroundings: .still
    ).run()
    let kept = outcome.verdicts.filter(\.isKept)
    // The tenth of the eleven is whole, the eleventh goes on from it.
    #expect(kept.map(\.record.name) == ["alternate/05/prune", "alternate/05/finetune"])
    #expect(kept[0].reasons == ["base"])
    #expect(
      try RunVerification(folder: fixture.run, surroundings: .still).report().findings.isEmpty)
    #expect(try fixture.run().computed == 0)
  }
}
