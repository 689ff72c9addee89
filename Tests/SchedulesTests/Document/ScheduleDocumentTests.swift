import Foundation
import Runs
import Schedules
import TestSupport
import Testing

@Suite("Schedule document") struct ScheduleDocumentTests {
  @Test(
    "what is no document of a schedule is refused with the place",
    arguments: [
      ("", "s.yaml:1:1: the file holds no schedule; begin with the line version: 1"),
      ("# a comment\n\n", "s.yaml:1:1: the file holds no schedule; begin with the line version: 1"),
      (
        "version: 1\n---\nversion: 1\n",
        "s.yaml:2:1: a second document begins here; a schedule is a single one"
      ),
      (
        "a: 1\nb: 2\nb: 3\n",
        "s.yaml:2:1: the key \"b\" is there more than once; keep one"
      ),
      (
        "a: {b: 1, \"b\": 2}\n", "s.yaml:1:5: the key \"b\" is there more than once; keep one"
      ),
      (
        "a: &x {b: 1}\nc: {<<: *x}\n",
        "s.yaml:2:5: merging with << is not allowed; write the keys out, or use an alias for a "
          + "whole value"
      ),
      (
        "a: !!int 1\n",
        "s.yaml:1:4: the tag tag:yaml.org,2002:int is not used in schedules; remove it"
      ),
      ("a: !x [1]\n", "s.yaml:1:4: the tag !x is not used in schedules; remove it"),
      ("a: {[b]: 1}\n", "s.yaml:1:5: a key is a plain word here, not a list or a mapping"),
      ("a: {{b: 2}: 1}\n", "s.yaml:1:5: a key is a plain word here, not a list or a mapping"),
      (
        "a: &x # c\n {&y [b], c: 1}\n",
        "s.yaml:2:3: a key is a plain word here, not a list or a mapping"
      ),
      (
        "a: *x\n",
        "s.yaml:1:4: no anchor &x is complete before this alias; move it up, or put quotes around "
          + "a text that begins with *"
      ),
      (
        "a: &x [*x]\n",
        "s.yaml:1:8: no anchor &x is complete before this alias; move it up, or put quotes around "
          + "a text that begins with *"
      ),
      ("a: *.csv\n", "s.yaml:1:4: a text that begins with * needs quotes; write \"*.csv\""),
      ("*a: 1\n", "s.yaml:1:1: a text that begins with * needs quotes; write \"*a\""),
      (
        "a: [1, 2\n", "s.yaml:2:1: this is not YAML: did not find expected comma or closing bracket"
      ),
      (
        "a: {b: ${HOME}/x}\n",
        "s.yaml:1:9: this is not YAML: did not find expected comma or closing bracket; inside "
          + "brackets, write text with ${NAME} in quotes"
      ),
      ("a:\n\t- b\n", "s.yaml:2:1: this is not YAML: tabs cannot indent a line; use blanks"),
      ("a: 1\u{0}\n", "s.yaml:1:5: the character U+0000 is not allowed in a schedule; remove it"),
      (
        "é: \u{E000}\n",
        "s.yaml:1:4: the character U+E000 is not allowed in a schedule; remove it"
      ),
    ])
  func refused(text: String, problem: String) {
    #expect(ScheduleText.problems(text) == [problem])
  }

  @Test("what is not UTF-8 is refused with the place")
  func notUTF8() {
    #expect {
      try RunSchedule(Array("a: 1\nb: ".utf8) + [0xff], file: "s.yaml", environment: { _ in nil })
    } throws: { error in
      "\(error)" == "s.yaml:2:4: the text is not UTF-8; save the file as UTF-8"
    }
  }

  @Test("a byte order mark, CR LF, quotes, comments, aliases and ? or * inside texts are fine")
  func accepted() throws {
    let text = ScheduleText.small(
      ("version: 1", "\u{FEFF}version: 1 # is this *all*?"), ("name: small", "\"name\": 'small?*'"),
      ("hidden: [8, 4]", "hidden: &widths [8, 4]"),
      ("train: {epochs: 2}", "train: &training {epochs: 2}\n  - finetune: *training"))
    let schedule = try ScheduleText.decode(text.replacingOccurrences(of: "\n", with: "\r\n"))
    #expect(schedule.name == "small?*")
    #expect(schedule.stages.map(\.word) == ["train", "finetune", "prune", "evaluate"])
  }

  @Test(
    "a list of mappings in brackets is not taken for keys",
    arguments: [
      "[{train: {epochs: 1}}, {evaluate: {part: test}}]",
      "&s # stages\n [{train: {epochs: 1}}, {evaluate: {part: test}}]",
      "&s\n  - {train: {epochs: 1}}\n  - evaluate:\n      part: test",
      "[train: {epochs: 1}, evaluate: {part: test}]",
    ])
  func brackets(stages: String) throws {
    let head = try #require(ScheduleText.small.split(separator: "stages:").first)
    let schedule = try ScheduleText.decode("\(head)stages: \(stages)\n")
    #expect(schedule.stages.map(\.word) == ["train", "evaluate"])
  }

  @Test("an error in an alias points to its anchor, and is reported once")
  func alias() {
    let text = ScheduleText.small(
      ("train: {epochs: 2}", "train: &t\n      epochs: 0\n  - train: *t\n  - finetune: *t"))
    #expect(
      ScheduleText.problems(text) == [
        "s.yaml:8:15: stages[0].train.epochs: 0 is out of range; allowed: whole numbers from 1 to "
          + "1000000"
      ])
  }

  private static let tooMany =
    "there are more than the 100000 values allowed, counting those that aliases stand for"
  private static let tooDeep = "the nesting is deeper than the 32 levels allowed"
  private static let key = "a key is a plain word here, not a list or a mapping"

  /// Ten anchors, each a list of nine aliases of the one before: 9^10 values.
  private static let bomb = (1...9).reduce("a0: &a0 [x,x,x,x,x,x,x,x,x]\n") { text, i in
    text + "a\(i): &a\(i) [" + Array(repeating: "*a\(i - 1)", count: 9).joined(separator: ",")
      + "]\n"
  }

  @Test(
    "hostile documents are refused without being expanded",
    arguments: [
      (bomb, tooMany),
      (bomb + "b: {[*a9, *a9]: 1}\n", key),
      (bomb + "b: {[*a9, *a9]}\n", key),
      (bomb + "*a9 : 1\n", tooMany),
      (bomb + "? *a9\n: 1\n", "could not find expected ':'"),
      (String(repeating: "[", count: 1 << 20), tooDeep),
      (String(repeating: "{", count: 1 << 14), tooDeep),
      (String(repeating: "- ", count: 1 << 14), tooDeep),
      (String(repeating: "[", count: 33) + String(repeating: "]", count: 33), tooDeep),
      (String(repeating: "[a: ", count: 900) + String(repeating: "]", count: 900), tooDeep),
      ((1...40).reduce("- &a0 [x]\n") { $0 + "- &a\($1) [*a\($1 - 1)]\n" }, tooDeep),
      (
        String(repeating: "{", count: 900) + "[" + String(repeating: "a,", count: 10_000) + "]"
          + String(repeating: "}", count: 900), key
      ),
      (String(repeating: "[a]: 1\n", count: 101), key),
      ("[" + String(repeating: "a,", count: 100_000) + "]", tooMany),
      (
        "- &a [" + String(repeating: "a,", count: 100) + "]\n"
          + String(repeating: "- *a\n", count: 1000), tooMany
      ),
      (String(repeating: "#", count: (1 << 20) + 1), "the file is larger than the 1048576 bytes"),
    ])
  func hostile(text: String, problem: String) throws {
    let problems = ScheduleText.problems(text)
    #expect(problems.count == 1)
    #expect(try #require(problems.first).contains(problem))
  }

  @Test("32 levels, and aliases in number, are allowed")
  func atTheCaps() {
    let nested = String(repeating: "[", count: 31) + "1" + String(repeating: "]", count: 31)
    #expect(ScheduleText.problems(nested).first?.contains("found a list") == true)
    let aliases = "- &a [1, 2]\n" + String(repeating: "- *a\n", count: 30_000)
    #expect(ScheduleText.problems(aliases).first?.contains("found a list") == true)
  }

  @Test("no damaged schedule stops the program, and each error has a place")
  func mutations() throws {
    let original = try [UInt8](
      Data(contentsOf: ScheduleText.pipelines.appendingPathComponent("digits.yaml")))
    var random = SeededGenerator(seed: 7)
    let pieces = [
      "*", "&a ", "<<: ", "{", "}", "[", "]", ": ", "? ", "- ", "\"", "'", "\n", "|\n", "#", "!t ",
      "${", "\t",
    ]
    for _ in 0..<1000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random)!.utf8, at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
        }
      }
      do {
        _ = try RunSchedule(bytes, file: "s.yaml", environment: { _ in nil })
      } catch {
        #expect(!error.problems.isEmpty)
        #expect(error.description.hasPrefix("s.yaml:"))
      }
    }
  }
}
