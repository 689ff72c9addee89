import ModelFiles
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("Checkpoint settings") struct CheckpointSettingsTests {
  private func text(_ settings: String) -> String {
    ScheduleText.small(("stages:", "checkpoints: {\(settings)}\nstages:"))
  }

  @Test("settings and their defaults")
  func decoded() throws {
    let standard = try ScheduleText.decode(text("")).checkpoints
    #expect(standard.level == 9 && standard.every == .seconds(60) && standard.keep == .all)
    #expect(!standard.delta && standard.moments == .drop)
    let own = try ScheduleText.decode(
      text("level: 19, every: 5m, keep: all, delta: true, moments: keep")
    ).checkpoints
    #expect(own.level == 19 && own.every == .seconds(300) && own.keep == .all)
    #expect(own.writing == CheckpointWriting(level: 19, delta: true) && own.moments == .keep)
    #expect(
      own.json.canonical
        == #"{"delta":true,"every":"300s","keep":"all","level":19,"moments":"keep"}"#)
  }

  @Test("what to keep: all, or some of four counts; written out it reads back as the same")
  func keep() throws {
    for (written, policy) in [
      ("{last: 3}", RetentionPolicy(last: 3)), ("{best: 0}", RetentionPolicy()),
      (
        "{last: 3, best: 1, daily: 7, weekly: 4}",
        RetentionPolicy(last: 3, best: 1, daily: 7, weekly: 4)
      ),
    ] {
      let settings = try ScheduleText.decode(text("keep: \(written)")).checkpoints
      #expect(settings.keep == .some(policy))
      let json = try #require(settings.json["keep"])
      #expect(json.objectValue?.names == ["best", "daily", "last", "weekly"])
      #expect(CheckpointSettings.Keep(json: json) == settings.keep)
      let again = try ScheduleText.decode(text("keep: \(json.canonical)")).checkpoints
      #expect(again == settings)
    }
    #expect(CheckpointSettings.Keep(json: "all") == .all)
    #expect(CheckpointSettings.Keep(json: ["last": 1]) == nil)
    #expect(CheckpointSettings.Keep(json: "some") == nil)
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
      (
        "keep: some",
        "6:21: checkpoints.keep: expected all, or a mapping with keys of: last, best, daily, "
          + "weekly, found the text \"some\""
      ),
      (
        "keep: [last]",
        "6:21: checkpoints.keep: expected all, or a mapping with keys of: last, best, daily, "
          + "weekly, found a list"
      ),
      (
        "keep: {}",
        "6:21: checkpoints.keep: expected all, or at least one of the keys: last, best, daily, "
          + "weekly, found a mapping"
      ),
      (
        "keep: {last: -1}",
        "6:28: checkpoints.keep.last: -1 is out of range; allowed: whole numbers from 0 to 1000000"
      ),
      (
        "keep: {daily: 1.5}",
        "6:29: checkpoints.keep.daily: 1.5 is out of range; allowed: whole numbers from 0 to "
          + "1000000"
      ),
      (
        "keep: {best: many}",
        "6:28: checkpoints.keep.best: expected a whole number, found the text \"many\""
      ),
      (
        "keep: {lats: 3}",
        "6:22: checkpoints.keep.lats: unknown key \"lats\"; did you mean \"last\"? "
          + "Allowed: last, best, daily, weekly"
      ),
      (
        "deltas: true",
        "6:15: checkpoints.deltas: unknown key \"deltas\"; did you mean \"delta\"? Allowed: level, "
          + "every, keep, delta, moments"
      ),
    ])
  func wrong(settings: String, problem: String) {
    #expect(ScheduleText.problems(text(settings)) == ["s.yaml:" + problem])
  }
}
