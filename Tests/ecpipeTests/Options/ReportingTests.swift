import Datasets
import Glibc
import ModelFiles
import RunFixtures
import Runs
import Schedules
import Storage
import Testing
import ecpipe

@Suite("Errors as exit codes and messages")
struct ReportingTests {
  private struct Unknown: Error {}

  private static let table: [(error: any Error, code: Int32)] = [
    (RunFailure.diverged(stage: "train", epoch: 1, step: 2, learningRate: 3), 1),
    (RunFailure.notFinite(stage: "train"), 1),
    (RunFailure.failed(stage: "prune", reason: ""), 1),
    (StoreError(operation: "write", path: "a", code: ENOSPC), 1),
    (Unknown(), 1),
    (LockHeld(path: "a.lock", holder: ""), 10),
    (LockLost(path: "a.lock"), 10),
    (RunFailure.damaged(file: "a", reason: ""), 11),
    (CheckpointError.headerChanged, 11),
    (RunFailure.commandLine(""), 64),
    (RunFailure.invalid(""), 65),
    (DatasetError.file("a.csv", .noRows), 65),
    (ScheduleError.unreadable(StoreError(operation: "open", path: "a", code: EACCES)), 65),
    (DatasetError.file("a.csv", .missing), 66),
    (StoreError(operation: "open", path: "a", code: ENOENT), 66),
    (RunFailure.missing(path: "a", what: ""), 66),
    (ScheduleError.unreadable(StoreError(operation: "open", path: "a", code: ENOENT)), 66),
    (RunFailure.interrupted(stage: "train", command: ""), 75),
  ]

  @Test("every kind of failure has its documented exit code")
  func codes() {
    for (error, code) in Self.table { #expect(exitCode(of: error) == code, "\(error)") }
  }

  @Test(
    "a refusal of the system says what to do",
    arguments: [
      (EACCES, "; check the permissions of the file and its folder"),
      (EROFS, "; choose a folder on another file system"), (EISDIR, "; name a file"),
      (ENAMETOOLONG, "; choose a shorter name"), (EIO, "Input/output error"),
    ])
  func refusals(code: Int32, ending: String) {
    let error = StoreError(operation: "open", path: "a", code: code)
    #expect(message(of: error).hasPrefix("a: open failed: "))
    #expect(message(of: error).hasSuffix(ending))
    #expect(message(of: ScheduleError.unreadable(error)) == message(of: error))
  }

  @Test("several problems of a schedule stand below a line that counts them; one stands alone")
  func severalProblems() throws {
    try Workplace.with { place in
      try place.write("version: 1\nnom: a\nseeds: 1\n", to: "bad.yaml")
      let error = #expect(throws: ScheduleError.self) {
        try RunScheduleFile(path: place.file("bad.yaml"), overrides: [], environment: { _ in nil })
      }
      let problems = try #require(error)
      let lines = message(of: problems).split(separator: "\n")
      #expect(lines.count == 1 + problems.problems.count)
      #expect(lines[0] == "the schedule has \(problems.problems.count) problems:")
      #expect(lines[1...].allSatisfy { $0.hasPrefix(place.file("bad.yaml:")) })
    }
    #expect(message(of: RunFailure.invalid("one thing")) == "one thing")
  }
}
