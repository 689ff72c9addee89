import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("CheckpointStore: letting go and putting back") struct CheckpointStoreRetentionTests {
  private func finished() throws -> (fixture: RunFixture, store: CheckpointStore) {
    let fixture = try RunFixture()
    let manifest = try fixture.run().manifest
    return (
      fixture,
      try CheckpointStore(
        opening: fixture.run, manifest: manifest, writing: CheckpointWriting(level: 9))
    )
  }

  @Test("what is let go stays on record without its file; the rest is as it was")
  func released() throws {
    var (fixture, store) = try finished()
    let before = try fixture.checkpoints()
    let record = try #require(store.manifest.stages.first)
    try store.release(keys: [record.key])
    let after = try #require(try fixture.manifest.stages.first)
    #expect(after.key == record.key && after.sha256 == record.sha256)
    #expect(after.file == nil && after.bytes == nil && after.isReleased)
    #expect(after.metrics == record.metrics)
    #expect(
      try fixture.differences(from: before) == ["\(try #require(record.file)) is missing"])
    #expect(try store.leftBehind().isEmpty)
    // Again is nothing.
    try store.release(keys: [record.key])
    #expect(try fixture.manifest == store.manifest)
  }

  @Test("a kill behind the manifest leaves files that are known as let go, if they are sound")
  func killed() throws {
    var (fixture, store) = try finished()
    let record = try #require(store.manifest.stages.first)
    let name = try #require(record.file)
    let bytes = try fixture.folder.read("runs/tiny/" + name)
    try store.release(keys: [record.key])
    try fixture.folder.write(bytes, to: "runs/tiny/" + name)
    #expect(try store.leftBehind().map(\.name) == [name])
    #expect(try store.leftBehind().map(\.bytes) == [bytes.count])
    // A run neither takes it up nor needs it.
    #expect(try fixture.run().computed == 0)
    #expect(fixture.warnings.isEmpty)
    try fixture.folder.write(
      bytes.dropLast() + [bytes[bytes.count - 1] ^ 1], to: "runs/tiny/" + name)
    #expect(try store.leftBehind().isEmpty)
  }

  @Test("put back: the very bytes, listed in place, a damaged file renamed first")
  func restored() throws {
    var (fixture, store) = try finished()
    let expected = try fixture.checkpoints()
    let before = store.manifest
    let record = try #require(store.manifest.stages.first)
    let name = try #require(record.file)
    let bytes = try fixture.folder.read("runs/tiny/" + name)
    try fixture.folder.write("x", to: "runs/tiny/" + name)
    #expect(try store.restore(record, position: 1, bytes: bytes) == name)
    #expect(try fixture.folder.text("runs/tiny/\(name).damaged") == "x")
    #expect(store.manifest == before)
    try store.release(keys: [record.key])
    let released = try #require(store.manifest.stages.first)
    #expect(try store.restore(released, position: 1, bytes: bytes) == name)
    #expect(try fixture.manifest == before)
    #expect(try fixture.differences(from: expected) == [])
  }

  @Test("put back once more after a kill before the list: nothing sound is set aside as damaged")
  func restoredAfterKill() throws {
    var (fixture, store) = try finished()
    let expected = try fixture.checkpoints()
    let before = store.manifest
    let record = try #require(store.manifest.stages.first)
    let name = try #require(record.file)
    let bytes = try fixture.folder.read("runs/tiny/" + name)
    try store.release(keys: [record.key])
    try fixture.folder.write(bytes, to: "runs/tiny/" + name)
    let released = try #require(store.manifest.stages.first)
    #expect(try store.restore(released, position: 1, bytes: bytes) == name)
    #expect(try fixture.manifest == before)
    #expect(!FilePaths.isTaken(store.folder.file(name + ".damaged")))
    #expect(try fixture.differences(from: expected) == [])
  }
}
