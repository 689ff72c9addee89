import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Files that a run would write over") struct WrittenFilesTests {
  private func refusal(of file: String, stages: String = RunFixture.stages) throws -> String? {
    let fixture = try RunFixture(RunFixture.head + stages + "\nlog: {csv: \(file)}\n")
    do {
      _ = try fixture.session().feasiblePreview()
      return nil
    } catch let error as ScheduleError {
      #expect("\(error)".contains(": log.csv: \(fixture.folder.file(""))"))
      return "\(error)"
    }
  }

  @Test("the table of epochs takes the place of nothing that the run reads or writes")
  func table() throws {
    #expect(
      try refusal(of: "data.csv")?.hasSuffix("is one of the data's files; name another file")
        == true)
    #expect(try refusal(of: "./tiny.yaml")?.hasSuffix("is the schedule; name another file") == true)
    #expect(
      try refusal(of: "runs/tiny/epochs.csv")?.contains("lies in the folder of a run") == true)
    #expect(
      try refusal(
        of: "tiny.onnx", stages: "stages: [train: {epochs: 1}, export: {onnx: tiny.onnx}]")?
        .contains("is what an export writes") == true)
    #expect(try refusal(of: "epochs.csv") == nil)
    // That it cannot be made ends no run.
    #expect(try refusal(of: "data.csv/epochs.csv") == nil)
  }

  @Test("nor does what a stage exports, by whatever path")
  func export() throws {
    for file in ["data.onnx", "./data.onnx"] {
      // A table by the name of what is exported.
      let fixture = try RunFixture(
        RunFixture.head.replacing("data.csv", with: "data.onnx")
          + "stages: [train: {epochs: 1}, export: {onnx: \(file)}]\n")
      try fixture.folder.write(RunFixture.table(seed: 1), to: "data.onnx")
      let failure = try #require(throws: ScheduleError.self) {
        try fixture.session().feasiblePreview()
      }
      #expect("\(failure)".hasSuffix("is one of the data's files; name another file"))
    }
  }

  @Test(
    "a variant that writes over another run's exports is told so, a run that writes its own is not")
  func variant() throws {
    let stages = "stages: [train: {epochs: 1}, export: {onnx: tiny.onnx}]\n"
    let fixture = try RunFixture(RunFixture.head + stages)
    try fixture.run()
    #expect(fixture.warnings.isEmpty)
    try fixture.run { $0.fresh = true }
    #expect(fixture.warnings.isEmpty)
    try fixture.write(
      schedule: RunFixture.head.replacing("name: tiny", with: "name: other")
        .replacing("hidden: [7, 6]", with: "hidden: [5, 4]") + stages)
    try fixture.run()
    #expect(
      fixture.warnings == [
        "\(fixture.folder.file("tiny.onnx")) is what run tiny has exported, and this run writes over it; a variant "
          + "needs other names of files as well (--set)"
      ])
    // Now it is its own.
    try fixture.run { $0.fresh = true }
    #expect(fixture.warnings.isEmpty)
  }

  @Test("nor does an export take the place of what studies and nightly jobs have")
  func otherFolders() throws {
    for (kind, marks) in [
      ("study", ["study.json", "study.yaml"]), ("nightly job", ["nightly.json"]),
    ] {
      let fixture = try RunFixture(
        RunFixture.head
          + "stages: [train: {epochs: 1}, export: {safetensors: runs/work/dense-1.safetensors}]\n")
      try FilePaths.makeFolders(fixture.folder.file("runs/work"))
      for mark in marks { try fixture.folder.write("{}", to: "runs/work/" + mark) }
      let failure = try #require(throws: ScheduleError.self) {
        try fixture.session().feasiblePreview()
      }
      #expect("\(failure)".contains("dense-1.safetensors lies in the folder of a \(kind), "))
    }
  }

  @Test("nor of the network that it begins with")
  func start() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let bytes = try FilePaths.read(fixture.run.result)
    try fixture.folder.write(bytes, to: "first.safetensors")
    try fixture.write(
      schedule: (RunFixture.head
        + "stages: [evaluate: {part: test}]\nlog: {csv: first.safetensors}\n")
        .replacing("name: tiny", with: "name: second").replacing(", scale: standard", with: "")
        .replacing(
          "model: {hidden: [7, 6], initialization: he_normal}",
          with: "model: {start: first.safetensors}"))
    let failure = try #require(throws: ScheduleError.self) {
      try fixture.session().feasiblePreview()
    }
    #expect("\(failure)".contains("is the network that the run begins with; name another file"))
  }
}
