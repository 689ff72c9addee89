import ModelFiles
import NeuralNetworks
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("CheckpointStore") struct CheckpointStoreTests {
  /// A finished run and its store.
  private func finished() throws -> (fixture: RunFixture, store: CheckpointStore) {
    let fixture = try RunFixture()
    let manifest = try fixture.run().manifest
    return (
      fixture,
      try CheckpointStore(
        opening: fixture.run, manifest: manifest,
        writing: CheckpointWriting(level: 9))
    )
  }

  @Test("a manifest is read, missing, damaged or of another format")
  func manifests() throws {
    let (fixture, store) = try finished()
    #expect(try CheckpointStore.manifest(of: fixture.run) == store.manifest)
    let path = "runs/tiny/run.json"
    try fixture.folder.write("{}", to: path)
    let failure = try #require(throws: RunFailure.self) {
      try CheckpointStore.manifest(of: fixture.run)
    }
    guard case .damaged(let file, let reason) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(file == fixture.run.manifest && !reason.isEmpty)
    #expect(failure.exitCode == 11)
    try DurableFile.remove(fixture.run.manifest)
    #expect(try CheckpointStore.manifest(of: fixture.run) == nil)
    // What cannot be read is not taken for missing.
    try FilePaths.makeFolders(fixture.run.manifest)
    #expect(throws: StoreError(operation: "read", path: fixture.run.manifest, code: 21)) {
      try CheckpointStore.manifest(of: fixture.run)
    }
  }

  @Test("a manifest that cannot be written leaves the old one, in memory too")
  func failedUpdate() throws {
    var (fixture, store) = try finished()
    let before = store.manifest
    let bytes = try fixture.folder.read("runs/tiny/run.json")
    for partial in DurableFile.partialPaths(of: fixture.run.manifest) {
      try FilePaths.makeFolders(partial)
    }
    #expect(throws: StoreError.self) { try store.update { $0.name = "other" } }
    #expect(throws: StoreError.self) { try store.forget(keys: [before.stages[0].key]) }
    #expect(store.manifest == before)
    #expect(try fixture.folder.read("runs/tiny/run.json") == bytes)
  }

  @Test("an update that changes nothing writes nothing")
  func idleUpdate() throws {
    var (fixture, store) = try finished()
    let before = try fixture.states()
    try store.update { $0.name = "tiny" }
    try store.saveSchedule(fixture.folder.read("tiny.yaml"))
    try store.pointResult(at: FilePaths.linkTarget(fixture.run.result) ?? "none")
    try store.removeProgress()
    #expect(try fixture.states() == before)
  }

  @Test("a committed checkpoint holds the model, under the record's name, size and digest")
  func commit() throws {
    var (fixture, store) = try finished()
    let record = try #require(store.manifest.stages.first)
    let contents = try store.contents(of: record)
    var new = record
    new.name = "other/01/stage"
    new.key = String(repeating: "ab", count: 32)
    new.file = nil
    let committed = try store.commit(new, position: 12, contents: contents)
    #expect(committed.file == "12-other-01-stage-abababab.safetensors")
    let bytes = try fixture.folder.read("runs/tiny/" + (committed.file ?? ""))
    #expect(committed.bytes == bytes.count)
    #expect(committed.sha256 == Digest.sha256(bytes))
    #expect(store.manifest.stages.last == committed)
    #expect(try fixture.manifest == store.manifest)
    #expect(try store.contents(of: committed) == contents)

    // Under the same name again: what is there is kept.
    try store.setAside(file: "nothing")
    _ = try store.commit(new, position: 12, contents: contents)
    #expect(try fixture.folder.read("runs/tiny/\(committed.file ?? "").replaced") == bytes)
    #expect(store.manifest.stages.count { $0.key == new.key } == 1)
  }

  @Test("a model that cannot be stored is refused before anything is written")
  func notFinite() throws {
    var (fixture, store) = try finished()
    let record = try #require(store.manifest.stages.first)
    var contents = try store.contents(of: record)
    contents.state.network.layers[0].bias[0] = .infinity
    let before = try fixture.states()
    #expect(throws: CheckpointError.self) {
      try store.commit(record, position: 1, contents: contents)
    }
    #expect(throws: CheckpointError.self) { try store.saveProgress(contents) }
    #expect(try fixture.states() == before)
  }

  @Test("a listed checkpoint is compared with its record")
  func bytes() throws {
    let (fixture, store) = try finished()
    let record = try #require(store.manifest.stages.last)
    let path = "runs/tiny/" + (record.file ?? "")
    let bytes = try fixture.folder.read(path)
    #expect(try store.bytes(of: record) == bytes)
    #expect(record.isPresent(in: store.folder))
    var flipped = bytes
    flipped[9] ^= 1
    for (damaged, reason, sized) in [
      (flipped, "its SHA-256 is not the recorded one", true),
      (Array(bytes.dropLast()), "it has \(bytes.count - 1) bytes instead of \(bytes.count)", false),
    ] {
      try fixture.folder.write(damaged, to: path)
      #expect(
        throws: RunFailure.damaged(file: fixture.folder.file(path), reason: reason)
      ) { try store.contents(of: record) }
      #expect(record.isPresent(in: store.folder) == sized)
    }
    try DurableFile.remove(fixture.folder.file(path))
    #expect(
      throws: RunFailure.damaged(file: fixture.folder.file(path), reason: "the file is gone")
    ) { try store.bytes(of: record) }
    let leaf = try #require(store.manifest.stages.first { $0.kind == .evaluate })
    #expect(throws: RunFailure.invalid("stage evaluate has no checkpoint")) {
      try store.bytes(of: leaf)
    }
  }

  @Test("forgotten stages lose record and name; others lose nothing")
  func forget() throws {
    var (fixture, store) = try finished()
    let records = store.manifest.stages
    try store.forget(keys: [records[1].key, records[2].key])
    #expect(store.manifest.stages == [records[0]] + records[3...])
    #expect(!FilePaths.exists(fixture.run.file(records[2].file ?? "")))
    #expect(FilePaths.exists(fixture.run.file((records[2].file ?? "") + ".replaced")))
    #expect(store.unlistedFiles().isEmpty)
  }

  @Test("checkpoints that no record lists, by the ending of their keys")
  func unlisted() throws {
    var (fixture, store) = try finished()
    let record = try #require(store.manifest.stages.last)
    let file = record.file ?? ""
    let contents = try store.contents(of: record)
    try store.update { $0.stages.removeLast() }
    try fixture.folder.write("x", to: "runs/tiny/00-copy-\(record.key.prefix(8)).safetensors")
    let ending = CheckpointName.ending(key: record.key)
    #expect(
      store.unlistedFiles() == [ending: ["00-copy\(ending)", file]])
    let found = try store.unlisted(file)
    #expect(found.contents == contents)
    #expect(try store.list(record, file: file, bytes: found.bytes) == record)
    #expect(throws: RunFailure.self) { try store.unlisted("00-copy\(ending)") }
    try DurableFile.link(fixture.run.file("01-link\(ending)"), to: file)
    #expect(
      throws: RunFailure.damaged(
        file: fixture.run.file("01-link\(ending)"), reason: "it is no regular file")
    ) { try store.unlisted("01-link\(ending)") }
  }

  @Test("progress is saved, read and removed; where it is damaged it says so")
  func progress() throws {
    let (fixture, store) = try finished()
    #expect(try store.progress() == nil)
    var contents = try store.contents(of: store.manifest.stages[0])
    contents.progress = TrainingProgress(epoch: 1, stepInEpoch: 2, lossSum: 0.3)
    #expect(try store.saveProgress(contents) == FilePaths.size(of: fixture.run.progress))
    #expect(try store.progress() == contents)
    try fixture.folder.write("no checkpoint", to: "runs/tiny/progress.safetensors")
    let failure = try #require(throws: RunFailure.self) { try store.progress() }
    #expect(failure.exitCode == 11)
    try store.removeProgress()
    #expect(try store.progress() == nil)
  }
}

extension CheckpointStore {
  /// Commits `contents` at once.
  fileprivate mutating func commit(
    _ record: StageRecord, position: Int, contents: CheckpointContents
  ) throws -> StageRecord {
    let sealing = try seal(contents, parent: record.parent) { nil }
    return try commit(record, position: position, sealing: sealing)
  }
}
