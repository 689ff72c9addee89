import Glibc
import RunFixtures
import Runs
import Storage
import Testing

@Suite("CheckpointNote") struct CheckpointNoteTests {
  @Test("noted in the run that the checkpoint lies in, by whatever name it was called")
  func noted() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    try DurableFile.link(fixture.folder.file("shortcut"), to: fixture.run.result)
    let record = try #require(try fixture.manifest.stages.first)
    for (count, path) in [fixture.run.result, fixture.folder.file("shortcut")].enumerated() {
      let lineage = try StoredCheckpoint.contents(of: path).lineage
      let note = CheckpointNote(
        .exported, checkpoint: path, lineage: lineage, target: "/x.safetensors", time: "now")
      #expect((note.pinsWithoutIt == nil) == (count > 0))
      #expect(try note.write() == nil)
      #expect(note.pinsWithoutIt == nil)
      #expect(try CheckpointPins(of: fixture.run).contents().hold(record))
      let lines = try fixture.folder.text("runs/tiny/pins.jsonl").split(separator: "\n")
      #expect(lines.count == count + 1)
      #expect(lines.allSatisfy { $0.contains(record.file ?? "?") })
    }
  }

  @Test("a checkpoint outside any run leaves no note")
  func outside() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    try fixture.folder.write(
      fixture.folder.read(fixture.checkpoint("train")), to: "copy.safetensors")
    let path = fixture.folder.file("copy.safetensors")
    let lineage = try StoredCheckpoint.contents(of: path).lineage
    #expect(
      try CheckpointNote(
        .exported, checkpoint: path, lineage: lineage, target: "/x", time: "now"
      ).write() == nil)
    #expect(!FilePaths.exists(fixture.folder.file("pins.jsonl")))
  }

  @Test("where it cannot be noted that is a warning; a checkpoint that went meanwhile is an error")
  func problems() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let path = fixture.folder.file(try fixture.checkpoint("train"))
    let lineage = try StoredCheckpoint.contents(of: path).lineage
    let note = CheckpointNote(
      .exported, checkpoint: path, lineage: lineage, target: "/x", time: "now")
    try FilePaths.makeFolders(fixture.run.pins)
    #expect(try note.write()?.contains("ecpipe gc may delete the checkpoint") == true)
    try DurableFile.remove(path)
    // It is gone, whether it could be noted or not.
    let unnoted = try #require(throws: RunFailure.self) { try note.write() }
    #expect(rmdir(fixture.run.pins) == 0)
    let failure = try #require(throws: RunFailure.self) { try note.write() }
    #expect([unnoted, failure].map(\.exitCode) == [66, 66])
  }
}
