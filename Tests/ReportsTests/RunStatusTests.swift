import Reports
import RunFixtures
import Runs
import Storage
import Testing

@Suite("RunStatus") struct RunStatusTests {
  private func status(_ fixture: RunFixture, isRunning: Bool? = nil) throws -> RunStatus {
    let preview = try fixture.session().preview()
    return RunStatus(
      of: preview.plan, in: fixture.run, manifest: preview.manifest, isRunning: isRunning)
  }

  @Test("the form of status --json")
  func json() throws {
    let fixture = try RunFixture(
      RunFixture.head
        + "stages: [train: {epochs: 1}, evaluate: {}, prune: {to: 0.5, budget: {policy: erk}}, "
        + "finetune: {epochs: 1}, prune: {to: 0.8}]")
    try fixture.run { $0.until = "evaluate" }
    let json = try status(fixture).json
    #expect(
      json.objectValue?.names == [
        "format", "loss", "message", "name", "original_total", "stages", "status", "total",
      ])
    #expect(json["format"] == 1 && json["name"] == "tiny" && json["status"] == "stopped")
    let stages = try #require(json["stages"]?.arrayValue)
    #expect(stages.count == 5)
    for stage in stages {
      #expect(
        stage.objectValue?.names == [
          "bytes", "changes", "file", "files", "key", "kind", "layers", "metrics", "name",
          "recovery",
          "search", "sparsity", "status", "verdict", "wall_clock_seconds", "weights",
        ])
      #expect(stage["key"]?.stringValue?.count == 64)
    }
    let train = stages[0]
    let record = try fixture.manifest.stages[0]
    #expect(train["name"] == "train" && train["kind"] == "train" && train["status"] == "done")
    #expect(train["file"]?.stringValue == record.file)
    #expect(train["bytes"]?.intValue == record.bytes)
    #expect(train["weights"] == 95 && train["sparsity"] == 0.0)
    #expect(
      train["layers"]?.canonical == """
        [{"name":"hidden1","total":35,"weights":35},{"name":"hidden2","total":42,"weights":42},\
        {"name":"output","total":18,"weights":18}]
        """)
    #expect(train["metrics"]?["validation"]?.objectValue?.names == ["accuracy", "loss"])
    #expect(stages[1]["file"] == .null && stages[1]["bytes"] == .null)
    #expect(stages[1]["metrics"]?.objectValue?.names == ["test"])
    // Not computed: what the plan knows, null for what nobody knows.
    #expect(stages[2]["status"] == "pending" && stages[2]["weights"] == 47)
    #expect(stages[2]["sparsity"]?.doubleValue == 48.0 / 95)
    #expect(stages[2]["layers"]?[1]?["weights"]?.intValue == 18)
    #expect(stages[2]["metrics"] == .null && stages[2]["wall_clock_seconds"] == .null)
    #expect(stages[4]["layers"] == .null)
  }

  @Test("a run that has not begun")
  func nothing() throws {
    let fixture = try RunFixture()
    let status = try status(fixture)
    #expect(status.stages.allSatisfy { $0.state == .pending && $0.isOpen && $0.changes.isEmpty })
    #expect(status.summary == "interrupted")
    #expect(!FilePaths.exists(fixture.folder.file("runs")))
  }

  @Test("done, interrupted and running")
  func states() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 10) }
    var now = try status(fixture)
    #expect(
      now.stages.map(\.state) == [.done, .done, .done, .interrupted, .pending, .pending])
    #expect(now.summary == "interrupted" && now.hasOpenStages)
    var lock: FileLock? = try FileLock(path: fixture.run.lock, startedAt: "now")
    now = try status(fixture)
    #expect(now.stages.map(\.state) == [.done, .done, .done, .running, .pending, .pending])
    #expect(now.summary == "running")
    now = try status(fixture, isRunning: false)
    #expect(
      now.stages.map(\.state) == [.done, .done, .done, .interrupted, .pending, .pending])
    #expect(now.summary == "interrupted")
    #expect(lock != nil)
    lock = nil
    try fixture.run()
    now = try status(fixture)
    #expect(now.stages.allSatisfy { $0.state == .done })
    #expect(now.summary == "done" && !now.hasOpenStages)
  }

  @Test("a damaged checkpoint matters where no later one is sound")
  func damaged() throws {
    let fixture = try RunFixture()
    try fixture.run()
    try fixture.folder.write("", to: fixture.checkpoint("train"))
    var now = try status(fixture)
    #expect(now.stages.map(\.state) == [.damaged, .done, .done, .done, .done, .done])
    #expect(now.summary == "done" && !now.hasOpenStages)
    #expect(try fixture.run().computed == 0)

    try DurableFile.remove(fixture.folder.file(fixture.checkpoint("alternate/02/finetune")))
    now = try status(fixture)
    #expect(now.stages.map(\.isOpen) == [false, false, false, false, false, true])
    #expect(now.stages[5].state == .damaged)
    #expect(now.summary == "failed")
    #expect(try fixture.run().computed == 1)
  }

  @Test(
    "what is open is what a run computes, and says what has changed",
    arguments: [
      ("epochs: 2", "epochs: 3", "train", ["epochs was 2 and is 3"]),
      ("to: 0.8", "to: 0.9", "alternate/01/prune", ["weights was 28 and is 20"]),
      ("seed: 7", "seed: 8", "train", ["seed was 7 and is 8"]),
      (
        "hidden: [7, 6]", "hidden: [7, 6], activation: tanh", "train",
        ["model.activation was \"relu\" and is \"tanh\""]
      ),
      ("{part: test}", "{part: train}", "evaluate", ["part was \"test\" and is \"train\""]),
      ("scale: standard", "scale: none", "train", ["data.scale was \"standard\" and is \"none\""]),
    ])
  func changes(old: String, new: String, stage: String, changes: [String]) throws {
    let fixture = try RunFixture()
    try fixture.run()
    let text = RunFixture.head + RunFixture.stages
    try #require(text.contains(old))
    try fixture.write(schedule: text.replacing(old, with: new))
    let before = try status(fixture)
    let first = try #require(before.stages.first { $0.isOpen })
    #expect(first.name == stage)
    #expect(first.changes.map(\.description) == changes)
    #expect(before.summary == "changed")
    try fixture.run()
    #expect(before.stages.filter(\.isOpen).map(\.name) == fixture.computed)
  }

  @Test("changed data are a change")
  func changedData() throws {
    let fixture = try RunFixture()
    try fixture.run()
    try fixture.folder.write(RunFixture.table(seed: 2), to: "data.csv")
    let first = try status(fixture).stages[0]
    #expect(first.changes.map(\.path) == ["data.digest"])
    // Of the evaluation, another parent is all that changed.
    #expect(try status(fixture).stages[1].isOpen)
  }
}
