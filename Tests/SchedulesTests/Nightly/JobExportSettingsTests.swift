import ModelFiles
import RunFixtures
import Schedules
import Storage
import Testing

@Suite("Exports of a nightly job") struct JobExportSettingsTests {
  private func settings(_ exports: String) throws -> NightlySettings {
    let text = ScheduleText.small + "\nnightly: {exports: \(exports)}\n"
    return try #require(try ScheduleText.decode(text).nightly)
  }

  private func problem(_ exports: String) -> String {
    let problems = ScheduleText.problems(
      ScheduleText.small + "\nnightly: {exports: \(exports)}\n")
    return problems.count == 1 ? problems[0] : "\(problems)"
  }

  @Test("names alone, also several of one format")
  func names() throws {
    let exports = try settings("[a.npz, b.npz, c.onnx]").exports
    #expect(exports.targets.map(\.file.value) == ["a.npz", "b.npz", "c.onnx"])
    #expect(exports.content == .standard)
    #expect(try settings("[]").exports == .none)
    #expect(try settings("[a.npz]").json["exports"] == ["a.npz"])
  }

  @Test("what an export stage says, and its canonical form says it again")
  func mapping() throws {
    let text = "{c: {file: net.c, int8: true, max_drop: 0.5}, npz: net.npz, shrink: false}"
    let read = try settings(text)
    var options = ExportOptions()
    options.int8 = true
    options.maxDrop = 0.5
    #expect(read.exports.targets.map(\.file.value) == ["net.c", "net.npz"])
    #expect(read.exports.targets.map(\.options) == [options, ExportOptions()])
    #expect(!read.exports.content.shrinks)
    let again = try settings((read.json["exports"] ?? .null).canonical)
    #expect(again.exports == read.exports)
  }

  @Test(
    "what no file can be is said where it stands",
    arguments: [
      ("[a/b.npz]", "exports[0]"), ("[a.npz, b.c, a.npz]", "exports[2]"), ("[ü.c]", "exports[0]"),
      ("[a.txt]", "exports[0]"),
      ("{npz: a.onnx}", "exports.npz"), ("{npz: ../a.npz}", "exports.npz"),
      ("{c: {file: a.c, max_drop: 1}}", "max_drop"), ("{c: {file: ü.c}}", "exports.c.file"),
      ("{c: {file: a.c, int8: true}, drop_inputs: true}", "drop_inputs"),
      ("{c: {file: a.c, sparse_bitmask: true}}", "sparse_bitmask"),
    ])
  func wrong(exports: String, place: String) {
    #expect(problem(exports).contains(place))
    #expect(problem(exports).hasPrefix("s.yaml:"))
  }
}
