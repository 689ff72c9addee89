import NeuralNetworks
import Testing

@Suite("Substitution") struct SubstitutionTests {
  private func name(_ text: String, _ environment: [String: String]) throws -> String {
    try ScheduleText.decode(
      ScheduleText.small(("name: small", "name: '\(text)'")), environment: environment
    ).name
  }

  @Test(
    "variables are replaced, and defaults stand in for unset and empty ones",
    arguments: [
      ("a", "a"), ("${A}", "1"), ("x${A}y${A}z", "x1y1z"), ("${NONE:-d}", "d"),
      ("${EMPTY:-d}", "d"),
      ("${A:-d}", "1"), ("x${NONE:-}", "x"), ("$A", "$A"), ("a$", "a$"), ("x${EMPTY}", "x"),
      ("${NONE:-a:-b}", "a:-b"), ("${B}", "${A}"), ("{A}", "{A}"), ("${_a1}", "2"),
    ])
  func replaced(text: String, value: String) throws {
    let environment = ["A": "1", "EMPTY": "", "B": "${A}", "_a1": "2"]
    #expect(try name(text, environment) == value)
  }

  @Test(
    "an unset variable and a malformed one are errors",
    arguments: [
      ("${NONE}", "the environment variable NONE is not set; set it, or write ${NONE:-default}"),
      ("x${", "\"${\" is not of the form ${NAME} or ${NAME:-default}"),
      ("${A", "\"${A\" is not of the form ${NAME} or ${NAME:-default}"),
      ("${}", "\"${}\" is not of the form ${NAME} or ${NAME:-default}"),
      ("${1}", "\"${1}\" is not of the form ${NAME} or ${NAME:-default}"),
      ("${A-b}", "\"${A-b}\" is not of the form ${NAME} or ${NAME:-default}"),
      ("${:-b}", "\"${:-b}\" is not of the form ${NAME} or ${NAME:-default}"),
      (
        "${A:-${B:-c}}",
        "\"${A:-${B:-c}\" has a variable in the default of another, which is not supported; set the first "
          + "variable, or write a default without ${"
      ),
    ])
  func refused(text: String, problem: String) {
    #expect(
      ScheduleText.problems(
        ScheduleText.small(("name: small", "name: '\(text)'")), environment: ["A": "1"])
        == ["s.yaml:2:7: name: \(problem)"])
  }

  @Test("words are substituted too, numbers are not")
  func words() throws {
    let text = ScheduleText.small(("{batch: 32}", "{loss: '${LOSS}'}"))
    let schedule = try ScheduleText.decode(text, environment: ["LOSS": "binary_cross_entropy"])
    #expect(schedule.training.loss == .binaryCrossEntropy)
    #expect(
      ScheduleText.problems(
        ScheduleText.small(("{epochs: 2}", "{epochs: '${N:-2}'}"))
      ) == [
        "s.yaml:7:21: stages[0].train.epochs: expected a whole number, found the text "
          + "\"${N:-2}\" in "
          + "quotes"
      ])
  }
}
