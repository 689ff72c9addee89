import Datasets
import Foundation
import RunFixtures
import Runs
import Schedules
import Storage
import Synchronization
import Testing

@Suite("Tables as files of numbers, beside the runs") struct ConvertedTablesTests {
  private static let schedule =
    RunFixture.head.replacing("scale: standard", with: "scale: standard, storage: file")
    + "stages: [{train: {epochs: 1}}]\n"

  private func tables(_ fixture: RunFixture) -> [ConvertedTables.Table] {
    ConvertedTables(checkpoints: fixture.folder.file("runs")).all
  }

  /// Makes all files there a day old.
  private func age(_ fixture: RunFixture) throws {
    let folder = fixture.folder.file("runs/\(GeneratedSolutions.folderName)")
    for name in FilePaths.entries(of: folder) {
      try FileManager.default.setAttributes(
        [.modificationDate: Date().addingTimeInterval(-86_400)], ofItemAtPath: "\(folder)/\(name)")
    }
  }

  private func collection(
    _ fixture: RunFixture, _ keep: CheckpointSettings.Keep = .all
  ) -> GarbageCollection {
    GarbageCollection(folder: fixture.run, keep: keep, plan: nil, surroundings: .still)
  }

  @Test("the one that a run's data need stays, and is said once when it is made")
  func needed() throws {
    let fixture = try RunFixture(Self.schedule)
    let told = Mutex<[TableConversion]>([])
    let tell = { @Sendable (conversion: TableConversion) in told.withLock { $0.append(conversion) }
    }
    try fixture.run { $0.tellConversion = tell }
    let conversions = told.withLock { $0 }
    let table = try #require(tables(fixture).first)
    #expect(tables(fixture).count == 1 && table.files.count == 3)
    #expect(table.reasons == ["tiny", "new"])
    #expect(try fixture.manifest.data.tables == [table.name])
    let numbers = fixture.folder.file("runs/.cache/\(table.name).npy")
    #expect(
      conversions == [
        TableConversion(
          table: fixture.folder.file("data.csv"), file: numbers, rows: 60,
          state: .done(bytes: FilePaths.size(of: numbers) ?? 0))
      ])
    try fixture.run(threads: 2) { $0.tellConversion = tell }
    #expect(told.withLock { $0 } == conversions)

    try age(fixture)
    #expect(tables(fixture).map(\.reasons) == [["tiny"]])
    let outcome = try collection(fixture).run()
    #expect(outcome.tables.allSatisfy { $0.isKept } && outcome.bytes == 0)
    #expect(tables(fixture).count == 1)
  }

  @Test("those that no run needs go, with what is torn, whatever is kept of checkpoints")
  func released() throws {
    let fixture = try RunFixture(Self.schedule)
    try fixture.run()
    let first = try #require(tables(fixture).first?.name)
    // The table changes, and the run begins anew.
    try fixture.folder.write(RunFixture.table(seed: 2), to: "data.csv")
    try fixture.run { $0.fresh = true }
    try FileManager.default.removeItem(atPath: fixture.folder.file("runs/.cache/\(first).json"))
    try age(fixture)
    // What was moved aside needs the old one as long as it is there.
    #expect(tables(fixture).allSatisfy { $0.isKept })
    for name in FilePaths.entries(of: fixture.folder.file("runs"))
    where name != "tiny" && name.hasPrefix("tiny") {
      try FileManager.default.removeItem(atPath: fixture.folder.file("runs/\(name)"))
    }

    let before = try fixture.states()
    let preview = try collection(fixture).preview()
    #expect(try fixture.states() == before)
    #expect(preview.tables.filter { !$0.isKept }.map(\.name) == [first] && preview.bytes > 0)
    let outcome = try collection(fixture).run()
    #expect(outcome.tables == preview.tables && outcome.bytes == preview.bytes)
    #expect(!tables(fixture).contains { $0.name == first })
    #expect(tables(fixture).map(\.reasons) == [["tiny"]])
    #expect(try fixture.run().computed == 0)
  }

  @Test("a run that cannot be read may need any of them")
  func unreadable() throws {
    let fixture = try RunFixture(Self.schedule)
    try fixture.run()
    try age(fixture)
    try fixture.folder.write("{", to: "runs/tiny/run.json")
    try? FileManager.default.removeItem(atPath: fixture.run.journal)
    #expect(tables(fixture).map(\.reasons) == [["tiny, which cannot be read"]])
  }
}
