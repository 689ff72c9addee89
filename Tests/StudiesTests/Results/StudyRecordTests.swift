import RunFixtures
import Runs
import Storage
import Studies
import Testing

@Suite("What a study's folder records")
struct StudyRecordTests {
  private func recorded(
    _ fixture: StudyFixture
  ) throws -> (folder: StudyFolder, record: StudyRecord) {
    let folder = StudyFolder(path: fixture.folder.file("runs/small"))
    return (folder, try StudyRecord.demand(folder))
  }

  @Test("is what was planned, cell by cell, and gives the same table and comparison")
  func whole() throws {
    let fixture = try StudyFixture()
    let outcome = try fixture.run().outcome
    let (folder, record) = try recorded(fixture)
    #expect(record.cells.map(\.key) == outcome.plan.cells.map(\.key))
    #expect(record.cells.map(\.identity) == outcome.plan.cells.map(\.identity))
    // 5·7 + 7·6 + 6·3 = 95 weights; 0.4 and 0.8 of them go.
    #expect(
      Set(record.cells.filter { $0.identity.criterion == "ec" }.map(\.weights)) == [57, 19])
    #expect(record.outline == outcome.plan.settings.outline)
    let results = try StudyJournal(path: folder.cells).read().results
    #expect(record.table(results) == outcome.table)
    #expect(record.outputs.map(\.file) == ["results.csv", "report.html"])
    for output in record.outputs {
      #expect(try Digest.sha256(fileAt: folder.file(output.file)) == output.sha256)
    }
    let json = StudyComparison.all(outcome.plan.settings.outline, outcome.table).map(\.json)
    #expect(StudyComparison.all(record.outline, record.table(results)).map(\.json) == json)
  }

  @Test("is damaged where any byte that counts is another")
  func flipped() throws {
    let fixture = try StudyFixture(StudyFixture.text.replacing("seeds: 2", with: "seeds: 1"))
    _ = try fixture.run()
    let (folder, record) = try recorded(fixture)
    var damaged = 0
    let sound = try FilePaths.read(folder.record)
    for place in stride(from: 0, to: sound.count, by: 97) {
      var bytes = sound
      bytes[place] ^= 1
      try fixture.folder.write(bytes, to: "runs/small/study.json")
      do {
        // White space between members is nobody's.
        #expect(try StudyRecord.read(folder) == record)
      } catch let failure as RunFailure {
        #expect(failure.exitCode == 11)
        damaged += 1
      }
    }
    #expect(damaged > 20)
    try fixture.folder.write(Array(sound.dropLast(40)), to: "runs/small/study.json")
    #expect(throws: RunFailure.self) { try StudyRecord.read(folder) }
  }

  @Test("damaged lines of the journal leave it with the next call, and a copy stays")
  func repaired() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let path = "runs/small/cells.jsonl"
    let text = try fixture.folder.text(path)
    try fixture.folder.write(text.replacing("\"seconds\":", with: "\"seconds\":1"), to: path)
    let (outcome, warnings) = try fixture.run()
    #expect(outcome.measured == 18)
    #expect(warnings.count == 1 && warnings[0].contains("18 damaged lines; their cells are"))
    #expect(FilePaths.exists(fixture.folder.file("runs/small/cells.jsonl.damaged")))
    #expect(try fixture.run().warnings.isEmpty)
  }
}
