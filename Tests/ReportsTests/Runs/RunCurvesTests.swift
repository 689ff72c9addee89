import Reports
import RunFixtures
import Runs
import TestSupport
import Testing

@Suite("What a log says of epochs") struct RunCurvesTests {
  private func line(_ stage: String, _ epoch: Int, loss: Double) -> String {
    "{\"epoch\":\(epoch),\"epochs\":9,\"event\":\"epoch_finished\",\"stage\":\"\(stage)\","
      + "\"training_loss\":\(loss),\"validation\":{\"loss\":\(loss + 1)}}\n"
  }

  @Test("is read on where it stopped, without a line that is still being written")
  func goesOn() throws {
    let folder = try TemporaryFolder()
    let first = line("train", 1, loss: 0.5)
    let second = line("train", 2, loss: 0.25)
    try folder.write(first + second.prefix(20), to: "log")
    var curves = RunCurves()
    curves.read(folder.file("log"))
    #expect(curves.epochs["train"]?.map(\.number) == [1])
    try folder.write(first + second, to: "log")
    curves.read(folder.file("log"))
    curves.read(folder.file("log"))
    #expect(curves.epochs["train"]?.map(\.number) == [1, 2])
    #expect(curves.epochs["train"]?.map(\.trainingLoss) == [0.5, 0.25])
    #expect(curves.epochs["train"]?.map(\.validationLoss) == [1.5, 1.25])
  }

  @Test("counts epochs that were computed again once, the last time")
  func again() throws {
    let folder = try TemporaryFolder()
    let lines = [
      line("train", 1, loss: 1), line("train", 2, loss: 2), line("train", 3, loss: 3),
      "{\"event\":\"stage_resumed\",\"stage\":\"train\"}\n", "no event\n",
      line("train", 2, loss: 20), line("tune", 1, loss: 5),
    ]
    try folder.write(lines.joined(), to: "log")
    var curves = RunCurves()
    curves.read(folder.file("log"))
    #expect(curves.epochs["train"]?.map(\.trainingLoss) == [1, 20])
    #expect(curves.lastEpochs == ["train": 2, "tune": 1])
  }

  @Test(
    "is told of a stage as it was when it was finished, whatever was computed by its name since")
  func settled() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let record = try #require(try fixture.manifest.stages.first { $0.name == "train" })
    let folder = try TemporaryFolder()
    let lines = [
      line("train", 1, loss: 1), line("train", 2, loss: 2),
      "{\"event\":\"stage_finished\",\"record\":\(record.json.canonical),\"stage\":\"train\"}\n",
      line("train", 1, loss: 30),
      "{\"event\":\"stage_finished\",\"record\":{\"key\":\"other\"},\"stage\":\"train\"}\n",
    ]
    try folder.write(lines.joined(), to: "log")
    var curves = RunCurves()
    curves.read(folder.file("log"))
    #expect(curves.epochs["train"]?.map(\.trainingLoss) == [30])
    let plan = try fixture.session().preview().plan
    #expect(curves.settled(on: plan).epochs["train"]?.map(\.trainingLoss) == [1, 2])
    #expect(curves.settled(on: plan).lastEpochs["train"] == 2)
  }

  @Test("is thinned out where a stage has very many")
  func thinned() throws {
    let folder = try TemporaryFolder()
    let lines = (1...10_000).map { line("train", $0, loss: Double($0)) }
    try folder.write(lines.joined(), to: "log")
    var curves = RunCurves()
    curves.read(folder.file("log"))
    let epochs = try #require(curves.epochs["train"])
    #expect(epochs.count > 1000 && epochs.count <= 4000)
    #expect(epochs.last?.number == 10_000 && curves.lastEpochs["train"] == 10_000)
    #expect(epochs.allSatisfy { $0.trainingLoss == Double($0.number) })
  }

  @Test("is nothing where there is no log")
  func missing() {
    var curves = RunCurves()
    curves.read("/nowhere/events.jsonl")
    #expect(curves.epochs.isEmpty && curves.warnings.isEmpty)
  }
}
