import ModelFiles
import RunFixtures
import Runs
import Testing

@Suite("StoredCheckpoint") struct StoredCheckpointTests {
  @Test("a checkpoint by its path or through the result link")
  func sound() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let path = fixture.folder.file(try fixture.checkpoint("alternate/02/finetune"))
    for path in [path, fixture.run.result] {
      let summary = try StoredCheckpoint.summary(of: path)
      #expect(summary.weights == 19 && summary.weightCount == 95)
      #expect(summary.lineage["stage"] == "alternate/02/finetune")
      #expect(try StoredCheckpoint.contents(of: path).state.network.remaining == 19)
    }
  }

  @Test("what is missing, damaged or something else has an exit code of its own")
  func failures() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let name = try fixture.checkpoint("train")
    var bytes = try fixture.folder.read(name)
    // In the description, which both read.
    bytes[try SafetensorsHeader(fileStart: bytes, fileSize: bytes.count).dataStart + 40] ^= 1
    try fixture.folder.write(bytes, to: "damaged.safetensors")
    try fixture.folder.write("some text that is none", to: "text.safetensors")
    for (file, code) in [
      ("none.safetensors", Int32(66)), ("damaged.safetensors", 11), ("text.safetensors", 11),
    ] {
      let path = fixture.folder.file(file)
      let summary = try #require(throws: RunFailure.self) {
        try StoredCheckpoint.summary(of: path)
      }
      let contents = try #require(throws: RunFailure.self) {
        try StoredCheckpoint.contents(of: path)
      }
      #expect(summary.exitCode == code)
      #expect(contents.exitCode == code)
      #expect("\(contents)".hasPrefix(path))
    }
  }
}
