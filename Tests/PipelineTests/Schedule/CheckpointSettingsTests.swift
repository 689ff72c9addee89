import Pipeline
import Testing

@Suite("Checkpoint settings") struct CheckpointSettingsTests {
  private func text(_ settings: String) -> String {
    ScheduleText.small(("stages:", "checkpoints: {\(settings)}\nstages:"))
  }

  @Test("settings and their defaults")
  func decoded() throws {
    let standard = try ScheduleText.decode(text("")).checkpoints
    #expect(standard.level == 9 && standard.every == .seconds(60) && standard.keep == .all)
    let own = try ScheduleText.decode(text("level: 19, every: 5m, keep: all")).checkpoints
    #expect(own.level == 19 && own.every == .seconds(300) && own.keep == .all)
    #expect(own.json.canonical == #"{"every":"300s","keep":"all","level":19}"#)
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: [
      (
        "level: 0",
        "6:22: checkpoints.level: 0 is out of range; allowed: whole numbers from 1 to 19"
      ),
      (
        "level: 20",
        "6:22: checkpoints.level: 20 is out of range; allowed: whole numbers from 1 to 19"
      ),
      ("keep: {last: 3}", "6:21: checkpoints.keep: expected one of: all, found a mapping"),
      (
        "delta: true", "6:15: checkpoints.delta: unknown key \"delta\"; allowed: level, every, keep"
      ),
    ])
  func wrong(settings: String, problem: String) {
    #expect(ScheduleText.problems(text(settings)) == ["s.yaml:" + problem])
  }
}
