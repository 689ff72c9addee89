import RunFixtures
import Testing

@Suite("Schedule override") struct ScheduleOverrideTests {
  @Test("values are replaced and added, in order")
  func applied() throws {
    let schedule = try ScheduleText.decode(
      ScheduleText.small,
      overrides: [
        "training.batch=16", "training.batch=8", "seed=7", "model.hidden=[30, 10]",
        "training.optimizer.adam.learning_rate=0.1", "stages[0].train.epochs=3",
        "name=a=b",
      ])
    #expect(schedule.training.batch == 8)
    #expect(schedule.seed == 7)
    #expect(schedule.model.hidden == [30, 10])
    #expect(schedule.training.optimizer.learningRate == 0.1)
    #expect(schedule.name == "a=b")
    guard case .train(let train) = schedule.stages[0].decoded else {
      Issue.record("the first stage is a train stage")
      return
    }
    #expect(train.epochs == 3)
  }

  @Test(
    "wrong overrides are reported as what they are",
    arguments: [
      (
        "training.batch=0",
        "training.batch: 0 is out of range; allowed: whole numbers from 1 to 1000000"
      ),
      (
        "training.bach=1",
        "training.bach: unknown key \"bach\"; did you mean \"batch\"? Allowed: batch, loss, "
          + "label_smoothing, optimizer, decay, clip, early_stop"
      ),
      (
        "training.batch={", "this is not YAML: did not find expected node content"
      ),
      ("training.batch", malformed), ("=1", malformed), ("data.csv=", malformed),
      ("name=", malformed),
      ("a..b=1", malformed), ("a[x]=1", malformed), ("a[-1]=1", malformed), ("a[0=1", malformed),
      ("stages[3].train.epochs=1", unreachable), ("stages.train=1", unreachable),
      ("version.x=1", unreachable), ("model[0]=1", unreachable),
    ])
  func refused(text: String, problem: String) {
    #expect(
      ScheduleText.problems(ScheduleText.small, overrides: [text]) == ["--set \(text): \(problem)"])
  }

  private static let malformed =
    "this is not of the form KEY.PATH=VALUE, such as training.batch=128 or "
    + "stages[2].alternate.rounds=6; a VALUE that is an empty text is written ''"
  private static let unreachable =
    "the schedule has no such place: keys are added to mappings, but lists have only the elements "
    + "in the file, counted from 0"

  @Test("problems of the file come before those of overrides")
  func order() {
    let problems = ScheduleText.problems(
      ScheduleText.small(("to: 0.5", "to: 2")), overrides: ["seed=-1"])
    #expect(problems.map { $0.prefix(6) } == ["s.yaml", "--set "])
  }
}
