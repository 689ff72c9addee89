import Foundation
import Testing

/// A schedule that is wrong in one way, and what is to be said of it.
struct BadSchedule: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Text of the good schedule, and what stands in its place.
  let change: (from: String, to: String)
  /// `line:column`, where the message says it.
  let place: String
  /// What the message has to contain beside the place.
  let fragments: [String]

  init(_ name: String, _ from: String, _ to: String, at place: String, _ fragments: String...) {
    testDescription = name
    change = (from, to)
    self.place = place
    self.fragments = fragments
  }

  static let all = [
    BadSchedule(
      "unknown key", "seed: 3", "seed: 3\ncolour: blue", at: "4:1", #"unknown key "colour""#,
      "allowed: version, name, seed, data, model, training, stages, checkpoints"),
    BadSchedule(
      "misspelt key", "rounds: 2", "ronds: 2", at: "21:7", "stages[2].alternate.ronds",
      #"did you mean "rounds"?"#),
    BadSchedule(
      "misspelt value", "curve: linear", "curve: linar", at: "22:34", #"did you mean "linear"?"#),
    BadSchedule(
      "missing key", "task: classification\n", "\n", at: "5:3", #"the key "task" is missing"#),
    BadSchedule(
      "wrong type", "epochs: 6", "epochs: many", at: "18:21", "stages[0].train.epochs",
      "expected a whole number", "many"),
    BadSchedule(
      "list for a number", "seed: 3", "seed: [3]", at: "3:7", "seed", "expected a whole number"),
    BadSchedule(
      "yes for true", "scale: standard", "header: yes", at: "9:11", "data.header", "true", "false"),
    BadSchedule(
      "percentage", "to: 0.5", "to: 90", at: "22:22", "stages[2].alternate.sparsity.to",
      "did you mean 0.9?"),
    BadSchedule(
      "no rounds", "rounds: 2", "rounds: 0", at: "21:15", "stages[2].alternate.rounds",
      "0 is out of range", "from 1"),
    BadSchedule(
      "a layer that matches nothing", "{policy: global}",
      "{policy: global, layers: {\"conv*\": {keep: true}}}", at: "24:41", "conv*",
      "hidden1, hidden2, output"),
    BadSchedule(
      "a misspelt layer", "{policy: global}",
      "{policy: global, layers: {outptu: {keep: true}}}", at: "24:41", #"did you mean "output"?"#),
    BadSchedule(
      "not a number", "learning_rate: 0.02", "learning_rate: .nan", at: "16:37",
      "learning_rate"),
    BadSchedule(
      "two sources", "csv: flowers.csv", "csv: flowers.csv\n  npy: {inputs: a, targets: b}",
      at: "5:3", "csv", "npy"),
    BadSchedule(
      "a name that leaves the folder", "name: small", "name: ../small", at: "2:7", "name"),
    BadSchedule("a key twice", "seed: 3", "seed: 3\nseed: 4", at: "3:1", "seed"),
    BadSchedule("a tab for spaces", "  activation: tanh", "\tactivation: tanh", at: "12:"),
    BadSchedule(
      "a variable that is not set", "csv: flowers.csv", "csv: ${NO_SUCH_FOLDER}/a.csv",
      at: "5:8", "NO_SUCH_FOLDER"),
  ]
}

@Suite("Bad schedules")
struct BadScheduleTests {
  @Test(
    "are refused with file, line, column and what to do, and change nothing",
    arguments: BadSchedule.all)
  func refused(bad: BadSchedule) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let text = SmallRun.schedule
        .replacing(bad.change.from, with: bad.change.to, maxReplacements: 1)
      try #require(text != SmallRun.schedule)
      try place.write(text, to: "small.yaml")
      let before = place.snapshot()
      for arguments in [["run"], ["validate", "--json"]] {
        let outcome = try place.run([arguments[0], "small.yaml"] + arguments.dropFirst())
        #expect((outcome.code, outcome.output) == (65, ""))
        #expect(outcome.errors.hasPrefix("ecpipe: small.yaml:\(bad.place)"), "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        for fragment in bad.fragments {
          #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
        }
      }
      #expect(place.snapshot() == before)
    }
  }

  @Test("without stages, empty, or no YAML at all", arguments: ["stages: []", "stages:", "none"])
  func empty(stages: String) throws {
    try Workplace.with { place in
      let start = SmallRun.schedule.range(of: "stages:")!.lowerBound
      let text = stages == "none" ? "" : SmallRun.schedule[..<start] + stages + "\n"
      try place.write(String(text), to: "small.yaml")
      let outcome = try place.run("run", "small.yaml")
      #expect(outcome.code == 65)
      #expect(outcome.errors.hasPrefix("ecpipe: "))
      #expect(outcome.errors.contains("small.yaml:"))
      #expect(place.names(in: ".") == ["small.yaml"])
    }
  }

  @Test("a schedule that is not there is exit code 66, a folder 65")
  func missing() throws {
    try Workplace.with { place in
      let missing = try place.run("run", "small.yaml")
      #expect(missing.code == 66)
      #expect(
        missing.errors == "ecpipe: small.yaml: there is no such schedule or study; check the name\n"
      )
      let folder = try place.run("plan", ".")
      #expect(folder.code == 65)
      #expect(place.snapshot().isEmpty)
    }
  }
}
