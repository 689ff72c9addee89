import Glibc
import RunFixtures
import Runs
import Storage
import Testing

@Suite("CheckpointStore: the manifest and its journal") struct CheckpointStoreJournalTests {
  /// A finished run, and a store that has written its manifest, so that it goes on with a journal.
  private func opened() throws -> (fixture: RunFixture, store: CheckpointStore) {
    let fixture = try RunFixture()
    try fixture.run()
    var store = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: .standard)
    try store.update { $0.overrides = ["seed=7"] }
    return (fixture, store)
  }

  private static let report: JSONValue = [
    "reason": "rounds", "source": "s", "held": .null, "trials": 1, "rollbacks": 1, "before": 2,
    "weights": 1, "wall_clock_seconds": 0.5,
  ]

  @Test("a run that ends leaves run.json whole and no journal")
  func ended() throws {
    let fixture = try RunFixture()
    let manifest = try fixture.run().manifest
    #expect(!FilePaths.isTaken(fixture.run.journal))
    #expect(try Manifest(bytes: fixture.folder.read("runs/tiny/run.json")) == manifest)
    // Also when it is interrupted, or fails.
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 12) { $0.fresh = true } }
    #expect(!FilePaths.isTaken(fixture.run.journal))
    #expect(try Manifest(bytes: fixture.folder.read("runs/tiny/run.json")) == fixture.manifest)
  }

  @Test("a commit appends a line and leaves run.json alone until that is folded; readers see it")
  func committed() throws {
    var (fixture, store) = try opened()
    let before = try fixture.folder.read("runs/tiny/run.json")
    var record = store.manifest.stages[0]
    record.key = String(repeating: "0", count: 64)
    try store.list(record)
    let report = try SearchReport(json: CheckpointStoreJournalTests.report)
    try store.note(report, key: record.key)
    #expect(try fixture.folder.read("runs/tiny/run.json") == before)
    #expect(try fixture.folder.text("runs/tiny/run.journal").count { $0 == "\n" } == 2)
    #expect(try fixture.manifest == store.manifest)
    #expect(try fixture.manifest.stages.last?.search == report)
    #expect(store.manifestBytes >= store.manifest.bytes.count)
    try store.fold()
    #expect(!FilePaths.isTaken(fixture.run.journal))
    #expect(try Manifest(bytes: fixture.folder.read("runs/tiny/run.json")) == store.manifest)
    #expect(store.manifestBytes == store.manifest.bytes.count)
  }

  @Test("a journal that a kill has left is folded at the next start, a torn line ignored")
  func leftover() throws {
    var (fixture, store) = try opened()
    var record = store.manifest.stages[0]
    record.key = String(repeating: "0", count: 64)
    try store.list(record)
    let journal = try fixture.folder.read("runs/tiny/run.journal")
    try fixture.folder.write(journal + Array("0123 {".utf8), to: "runs/tiny/run.journal")
    let opened = try CheckpointStore(
      opening: fixture.run, manifest: fixture.manifest, writing: .standard)
    #expect(opened.manifest == store.manifest)
    #expect(!FilePaths.isTaken(fixture.run.journal))
    #expect(try Manifest(bytes: fixture.folder.read("runs/tiny/run.json")) == store.manifest)
    // One that was folded before it could be removed is that of another manifest.
    try fixture.folder.write(journal, to: "runs/tiny/run.journal")
    #expect(try fixture.manifest == store.manifest)
    #expect(try fixture.run().computed == 0)
    #expect(!FilePaths.isTaken(fixture.run.journal))
  }

  @Test("a damaged line is reported by readers; a run sets the journal aside and goes on")
  func damaged() throws {
    var (fixture, store) = try opened()
    var record = store.manifest.stages[0]
    for digit in ["0", "1"] {
      record.key = String(repeating: digit, count: 64)
      try store.list(record)
    }
    var journal = try fixture.folder.read("runs/tiny/run.journal")
    journal[journal.count - 9] ^= 1
    try fixture.folder.write(journal, to: "runs/tiny/run.journal")
    let failure = RunFailure.damaged(
      file: fixture.run.journal, reason: "line 2 does not match its digest")
    #expect(throws: failure) { try fixture.manifest }
    let report = try RunVerification(folder: fixture.run, surroundings: .still).report()
    #expect(report.findings.map(\.file) == [fixture.run.journal])
    #expect(report.checkpoints == 6)
    #expect(try fixture.run().computed == 0)
    let aside = fixture.run.journal + ".damaged"
    #expect(
      fixture.warnings == [
        "\(fixture.run.journal): damaged (line 2 does not match its digest); it is now \(aside), "
          + "and sound checkpoints of this schedule are taken up again"
      ])
    #expect(try fixture.folder.read("runs/tiny/run.journal.damaged") == journal)
    #expect(!FilePaths.isTaken(fixture.run.journal))
    let keys = try fixture.manifest.stages.map(\.key)
    #expect(keys.contains(String(repeating: "0", count: 64)) && !keys.contains(record.key))
  }

  @Test("a journal that cannot be added to is not added to again: run.json is written whole")
  func failing() throws {
    var (fixture, store) = try opened()
    let before = store.manifest
    var record = before.stages[0]
    record.key = String(repeating: "0", count: 64)
    try FilePaths.makeFolders(fixture.run.journal)
    #expect(throws: StoreError.self) { try store.list(record) }
    #expect(store.manifest == before)
    #expect(rmdir(fixture.run.journal) == 0)
    try store.list(record)
    #expect(!FilePaths.isTaken(fixture.run.journal))
    #expect(try fixture.manifest.stages.last == record)
  }
}
