import Schedules
import Testing

@Suite("The spot of a problem in a schedule")
struct SourceSpotTests {
  /// What is underlined of a text in which the fault `fault` is at `line:column`.
  private func underlined(
    _ text: String, _ line: Int, _ column: Int,
    _ fault: ScheduleFault = .value(.outOfRange("x", allowed: "y"))
  ) -> String? {
    let problem = ScheduleProblem(SourcePosition(line: line, column: column), path: "", fault)
    guard let spot = SourceSpot(problem, in: Array(text.utf8)) else { return nil }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: Array(spot.text.unicodeScalars)[spot.range])
    return String(view)
  }

  @Test(
    "is the value, or the key, that begins there",
    arguments: [
      ("epochs: many  # why", 9, "many"), ("epochs: many", 1, "epochs"),
      ("a: [1, two words, 3]", 8, "two words"), ("a: {b: c d}", 8, "c d"),
      ("a: {b: c}", 4, "{b: c}"), ("a: [b, [c], d", 4, "["), ("a: \"x, y\" # z", 4, "\"x, y\""),
      ("a: 'it''s'", 4, "'it''s'"), ("a: \"q\\\"r\"", 4, "\"q\\\"r\""), ("a: b:c#d", 4, "b:c#d"),
      ("a: one, two", 4, "one, two"), ("größe: 漢字 x", 8, "漢字 x"), ("a: \"open", 4, "\"open"),
    ])
  func words(text: String, column: Int, expected: String) {
    #expect(underlined(text, 1, column) == expected)
  }

  @Test("is one place where something is missing or the text is no YAML")
  func places() {
    #expect(underlined("a: bcd", 1, 4, .document(.syntax("s"))) == "b")
    #expect(underlined("abc: d", 1, 1, .key(.missing("k"))) == "a")
    #expect(underlined("abc", 1, 4, .document(.syntax("s"))) == "")
  }

  @Test("is in the line that the problem names; none is in a line that is not there, or blank")
  func lines() {
    #expect(underlined("a: 1\r\nb: two\r\n", 2, 4) == "two")
    #expect(underlined("a: 1\n", 7, 1) == nil)
    #expect(underlined("\n", 1, 1) == nil)
  }

  @Test("shows no line that holds an address, which nobody may read")
  func secrets() {
    #expect(underlined("ping: https://example.org/secret", 1, 7) == nil)
  }

  @Test("is none in a value of the command line, which is in the message as a whole")
  func overrides() {
    let position = SourcePosition(line: 1, column: 1).inside(override: "a=b")
    let problem = ScheduleProblem(position, path: "", .value(.outOfRange("x", allowed: "y")))
    #expect(SourceSpot(problem, in: Array("a: b".utf8)) == nil)
  }
}
