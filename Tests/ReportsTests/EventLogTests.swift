import Reports
import RunFixtures
import Runs
import Storage
import Testing

@Suite("EventLog") struct EventLogTests {
  private func events(_ fixture: RunFixture) throws -> [JSONValue] {
    let text = try fixture.folder.text("runs/tiny/events.jsonl")
    #expect(text.hasSuffix("\n"))
    return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  @Test("every line is an event, over interruptions and warnings")
  func lines() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    try fixture.run { $0.until = "alternate/01/prune" }
    try fixture.folder.write("", to: fixture.checkpoint("alternate/01/prune"))
    try fixture.run()
    let events = try events(fixture)
    #expect(events.allSatisfy { $0["time"] == "2026-03-04T05:06:07Z" })
    #expect(try fixture.manifest.stages.allSatisfy { $0.finishedAt == "2026-03-04T05:06:07Z" })
    // A stage is finished when it is on disk, which may be while the next one is computed.
    let names = events.compactMap { $0["event"]?.stringValue }
    #expect(
      names.filter { $0 != "stage_finished" } == [
        "run_started", "stage_started", "epoch_finished", "progress_saved",
        "run_started", "stage_started", "stage_resumed", "epoch_finished", "stage_started",
        "stage_started", "weights_pruned", "run_finished", "run_stopped",
        "warning", "run_started", "stage_started", "weights_pruned", "stage_started",
        "epoch_finished", "stage_started", "weights_pruned", "stage_started", "epoch_finished",
        "run_finished",
      ])
    let finished = events.filter { $0["event"] == "stage_finished" }
    #expect(
      finished.compactMap { $0["record"]?["name"]?.stringValue } == [
        "train", "evaluate", "alternate/01/prune", "alternate/01/prune", "alternate/01/finetune",
        "alternate/02/prune", "alternate/02/finetune",
      ])
    for event in events {
      let time = try #require(event["time"]?.stringValue)
      #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    }
    #expect(events[3]["epoch"] == 1 && events[3]["step"] == 0)
    #expect(events[6]["epoch"] == 1 && events[6]["step"] == 0)
    #expect(events[7]["epoch"] == 2 && events[7]["epochs"] == 2)
    #expect(events[7]["validation"]?["accuracy"]?.doubleValue != nil)
    #expect(events[7]["learning_rate"]?.doubleValue == 0.01)
    let report = try #require(events.first { $0["event"] == "weights_pruned" }?["report"])
    #expect(report["steps"] == 1 && report["compensation"] == .null)
    #expect(report["weights"]?.intValue == finished[2]["record"]?["weights"]?.intValue)
  }

  @Test("a run with nothing to do leaves no trace")
  func idle() throws {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 1}]")
    try fixture.run()
    let before = try fixture.folder.read("runs/tiny/events.jsonl")
    try fixture.run()
    #expect(try fixture.folder.read("runs/tiny/events.jsonl") == before)
  }

  @Test("a line that a kill tore is removed before the next one")
  func torn() throws {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 1}, evaluate: {}]")
    try fixture.run { $0.until = "train" }
    let whole = try events(fixture).count
    let text = try fixture.folder.text("runs/tiny/events.jsonl")
    try fixture.folder.write(text + #"{"event":"stage_fin"#, to: "runs/tiny/events.jsonl")
    try fixture.run()
    #expect(try events(fixture).count == whole + 4)
  }
}
