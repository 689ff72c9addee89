import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("A run that begins with another run's checkpoint") struct RunSessionStartTests {
  private static let stage = "alternate/01/finetune"

  /// A finished run, and the path of one of its checkpoints that its result does not lead to.
  private func finished() throws -> (fixture: RunFixture, file: String) {
    let fixture = try RunFixture()
    try fixture.run()
    return (fixture, try fixture.checkpoint(Self.stage))
  }

  /// A schedule that goes on from `start`.
  private func second(_ start: String) -> String {
    (RunFixture.head + "stages: [prune: {to: 0.9}]\n")
      .replacing("name: tiny", with: "name: second").replacing(", scale: standard", with: "")
      .replacing(
        "model: {hidden: [7, 6], initialization: he_normal}", with: "model: {start: \(start)}")
  }

  @Test("is noted there once, however often it runs, and gc leaves the checkpoint")
  func noted() throws {
    let (fixture, file) = try finished()
    try fixture.write(schedule: second(file))
    for _ in 0..<2 {
      try fixture.run()
      #expect(fixture.warnings.isEmpty)
    }
    let lines = try fixture.folder.text("runs/tiny/pins.jsonl").split(separator: "\n")
    try #require(lines.count == 1)
    let note = try JSONValue(parsing: Array(lines[0].utf8))
    #expect(note["reason"] == "start")
    #expect(note["file"]?.stringValue == FilePaths.name(of: file))
    #expect(note["target"]?.stringValue == fixture.folder.file("runs/second"))
    let outcome = try GarbageCollection(
      folder: fixture.run, keep: .some(RetentionPolicy()), plan: nil, surroundings: .still
    ).run()
    let kept = outcome.verdicts.filter(\.isKept)
    #expect(kept.map(\.record.name) == [Self.stage, "alternate/02/finetune"])
    #expect(kept.first?.reasons == ["start"])
  }

  @Test("the link to a result, which stays whatever comes, needs no note")
  func result() throws {
    let (fixture, _) = try finished()
    try fixture.write(schedule: second("runs/tiny/result.safetensors"))
    try fixture.run()
    #expect(!FilePaths.exists(fixture.run.pins))
  }

  @Test("where the checkpoint is gone, the message has the command that puts it back")
  func gone() throws {
    let (fixture, file) = try finished()
    try DurableFile.remove(fixture.folder.file(file))
    func failure(_ start: String) throws -> ScheduleError {
      try fixture.write(schedule: second(start))
      return try #require(throws: ScheduleError.self) { try fixture.session() }
    }
    let known = try failure(file)
    #expect(known.isMissingFile)
    #expect(
      "\(known)".hasSuffix(
        "/\(file); it was the checkpoint of stage \(Self.stage), and ecpipe replay \(Self.stage) "
          + "\(fixture.folder.file("runs/tiny")) --restore puts it back"))
    let unknown = try failure("runs/tiny/09-train-00000000.safetensors")
    #expect("\(unknown)".hasSuffix("relative to the schedule's folder"))
  }
}
