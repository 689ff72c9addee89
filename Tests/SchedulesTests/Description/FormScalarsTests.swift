import NeuralNetworks
import Testing

@Suite("Scalars of a schedule") struct FormScalarsTests {
  @Test(
    "numbers are read as in JSON",
    arguments: [
      ("0.5", 0.5), ("1e-3", 0.001), ("1E-3", 0.001), ("5e-1", 0.5), ("2", 2), ("1.5e+1", 15),
      ("0.1", 0.1),
    ])
  func number(text: String, value: Double) throws {
    let schedule = try ScheduleText.decode(
      ScheduleText.small(("{batch: 32}", "{clip: {norm: \(text)}}")))
    #expect(schedule.training.clipNorm == value)
  }

  @Test(
    "what JSON has no number for is none",
    arguments: [
      ".5", "5.", "+1", "0x10", "1_000", "01", "1e", "1e+", "NaN", ".inf", "Infinity", "1,5",
      "1.2.3", "--1", "0b1", "1f", "٣",
    ])
  func noNumber(text: String) {
    #expect(
      ScheduleText.problems(ScheduleText.small(("{batch: 32}", "\n  clip:\n    norm: \(text)")))
        == ["s.yaml:7:11: training.clip.norm: expected a number, found the text \"\(text)\""])
  }

  @Test(
    "numbers out of range, unlimited ones included, are named with what is allowed",
    arguments: ["0", "-1", "1e999", "-0.0", "1e-999"])
  func range(text: String) {
    #expect(
      ScheduleText.problems(ScheduleText.small(("{batch: 32}", "{clip: {norm: \(text)}}")))
        == ["s.yaml:5:25: training.clip.norm: \(text) is out of range; allowed: numbers above 0"])
  }

  @Test(
    "whole numbers are digits alone",
    arguments: [
      ("0", "0 is out of range; allowed: whole numbers from 1 to 1000000"),
      ("2.0", "2.0 is a whole number, which is written in digits alone; write 2"),
      ("1e3", "1e3 is a whole number, which is written in digits alone; write 1000"),
      ("1e7", "1e7 is out of range; allowed: whole numbers from 1 to 1000000"),
      ("2.5", "2.5 is out of range; allowed: whole numbers from 1 to 1000000"),
      (
        "99999999999999999999",
        "99999999999999999999 is out of range; allowed: whole numbers from 1 to 1000000"
      ),
      ("two", "expected a whole number, found the text \"two\""),
      ("\"2\"", "expected a whole number, found the text \"2\" in quotes"),
      ("", "expected a whole number, found nothing"),
      ("~", "expected a whole number, found nothing"),
      ("null", "expected a whole number, found nothing"),
      ("[2]", "expected a whole number, found a list"),
      ("{a: 2}", "expected a whole number, found a mapping"),
    ])
  func integer(text: String, problem: String) {
    #expect(
      ScheduleText.problems(ScheduleText.small(("{batch: 32}", "{batch: \(text)}")))
        == ["s.yaml:5:19: training.batch: \(problem)"])
  }

  @Test(
    "numbers that are 0 or infinite in single precision are out of range",
    arguments: ["1e-60", "1e60"])
  func single(text: String) {
    #expect(
      ScheduleText.problems(
        """
        version: 1
        name: x
        data: {csv: a, task: regression}
        model: {hidden: [3]}
        training: {loss: {huber: {delta: \(text)}}}
        stages: [train: {epochs: 1}]
        """)
        == [
          "s.yaml:5:34: training.loss.huber.delta: \(text) is out of range; allowed: numbers "
            + "above 0 in "
            + "32 bits"
        ])
  }

  @Test(
    "sparsities are fractions, and percentages are recognised",
    arguments: [
      ("90", "90 \(notSparsity); did you mean 0.9?"),
      ("90%", "90% \(notSparsity); did you mean 0.9?"),
      ("99.5", "99.5 \(notSparsity); did you mean 0.995?"), ("1", "1 \(notSparsity)"),
      ("100", "100 \(notSparsity)"), ("-0.5", "-0.5 \(notSparsity)"),
      ("1e999", "1e999 \(notSparsity)"),
      ("most", "expected a sparsity, found the text \"most\""),
      ("\"0.9\"", "expected a sparsity, found the text \"0.9\" in quotes"),
    ])
  func sparsity(text: String, problem: String) {
    #expect(
      ScheduleText.problems(ScheduleText.small(("to: 0.5", "to: \(text)")))
        == ["s.yaml:8:17: stages[1].prune.to: \(problem)"])
  }

  private static let notSparsity =
    "is not a sparsity: it is the fraction removed, at least 0 and below 1"

  @Test(
    "truth values are true and false alone",
    arguments: ["yes", "True", "on", "1", "\"true\"", "no", "FALSE"])
  func boolean(text: String) {
    let quotes = text.hasPrefix("\"")
    let shown = quotes ? "\(text) in quotes" : "\"\(text)\""
    #expect(
      ScheduleText.problems(ScheduleText.small(("csv: a.csv", "csv: a.csv, header: \(text)")))
        == ["s.yaml:3:28: data.header: expected true or false, found the text \(shown)"])
  }

  @Test(
    "durations are whole numbers with a unit",
    arguments: [("1s", 1), ("60s", 60), ("10m", 600), ("24h", 86_400), ("86400s", 86_400)])
  func duration(text: String, seconds: Int) throws {
    let schedule = try ScheduleText.decode(
      ScheduleText.small(("stages:", "checkpoints: {every: \(text)}\nstages:")))
    #expect(schedule.checkpoints.every == .seconds(seconds))
  }

  @Test(
    "other durations are refused",
    arguments: ["60", "0s", "25h", "-1s", "1.5m", "s", "1d", "1 m", "99999999999999999999s", "ms"])
  func noDuration(text: String) {
    #expect(
      ScheduleText.problems(
        ScheduleText.small(("stages:", "checkpoints: {every: \(text)}\nstages:")))
        == [
          "s.yaml:6:22: checkpoints.every: \"\(text)\" is not a duration; allowed: whole "
            + "numbers with a "
            + "unit, such as 60s, 10m or 1h, from 1s to 24h"
        ])
  }

  @Test("a number is a text where a text is wanted")
  func text() throws {
    let schedule = try ScheduleText.decode(ScheduleText.small(("name: small", "name: 5")))
    #expect(schedule.name == "5")
  }
}
