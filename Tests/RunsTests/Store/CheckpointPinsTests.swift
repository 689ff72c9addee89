import Glibc
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("CheckpointPins") struct CheckpointPinsTests {
  private func pins() throws -> (folder: TemporaryFolder, run: RunFolder, pins: CheckpointPins) {
    let folder = try TemporaryFolder()
    try FilePaths.makeFolders(folder.file("runs/a"))
    let run = RunFolder(checkpoints: folder.file("runs"), name: "a")
    return (folder, run, CheckpointPins(of: run))
  }

  @Test("a note holds its checkpoint, and no other; without notes nothing is held")
  func held() throws {
    let (folder, _, pins) = try pins()
    let (noted, other) = (try RecordFixture.record("aaaa"), try RecordFixture.record("bbbb"))
    #expect(try !pins.contents().hold(noted))
    try pins.add(
      .exported, key: "aaaa", file: "file-aaaa", target: "/x/\"y\"\n.safetensors", time: "now")
    try pins.add(.exported, key: "cccc", file: "file-cccc", target: "z", time: "now")
    #expect(try pins.contents().hold(noted))
    #expect(try !pins.contents().hold(other))
    let lines = try folder.text("runs/a/pins.jsonl").split(separator: "\n")
    #expect(lines.count == 2)
    for line in lines {
      let json = try JSONValue(parsing: Array(line.utf8))
      #expect(json["reason"] == "exported")
      #expect(json.objectValue?.names == ["file", "key", "reason", "target", "time"])
    }
  }

  @Test("a torn line is left behind, not joined with the next, and holds what it still names")
  func torn() throws {
    let (folder, _, pins) = try pins()
    try folder.write(#"{"file":"file-aaaa","key":"aa"#, to: "runs/a/pins.jsonl")
    #expect(try pins.contents().hold(RecordFixture.record("aaaa")))
    try pins.add(.exported, key: "bbbb", file: "file-bbbb", target: "z", time: "now")
    let lines = try folder.text("runs/a/pins.jsonl").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(try JSONValue(parsing: Array(lines[1].utf8))["key"] == "bbbb")
    #expect(try pins.contents().hold(RecordFixture.record("aaaa")))
    // Bytes that are no text spoil nothing.
    try folder.write([0xff, 0xc3] + folder.read("runs/a/pins.jsonl"), to: "runs/a/pins.jsonl")
    #expect(try pins.contents().hold(RecordFixture.record("bbbb")))
  }

  @Test("nobody adds a note while the notes are fixed")
  func fixed() async throws {
    let (folder, run, pins) = try pins()
    let order = try pins.whileFixed { contents in
      let child = try ChildProcess([
        "sh", "-c", "flock \"$0\" touch \"$1\"", run.pins, folder.file("done"),
      ])
      for _ in 0..<100 where child.isRunning { usleep(2000) }
      return (child, FilePaths.exists(folder.file("done")))
    }
    #expect(!order.1)
    for _ in 0..<2000 where order.0.isRunning { usleep(2000) }
    #expect(FilePaths.exists(folder.file("done")))
  }

  @Test("a link in the place of the notes is not followed")
  func link() throws {
    let (folder, run, pins) = try pins()
    try DurableFile.link(run.pins, to: folder.file("elsewhere"))
    #expect(throws: StoreError.self) {
      try pins.add(.exported, key: "a", file: "b", target: "c", time: "now")
    }
    #expect(!FilePaths.exists(folder.file("elsewhere")))
  }
}
