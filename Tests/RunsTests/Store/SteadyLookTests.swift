import Runs
import Storage
import TestSupport
import Testing

@Suite("A look at files that others change") struct SteadyLookTests {
  private func finding(_ file: String) -> VerificationFinding {
    VerificationFinding(file: file, stage: nil, reason: "it is gone", remedy: "wait")
  }

  private func report(_ files: [String]) -> VerificationReport {
    var report = VerificationReport(name: "tiny")
    report.findings = files.map(finding)
    return report
  }

  /// Beside a process that is at work all the time.
  private func beside(_ pauses: @escaping (Int) -> Void = { _ in }) -> SteadyLook {
    SteadyLook(isAtWork: { true }, files: { [] }, pause: pauses)
  }

  @Test("beside a process at work only what every look finds is a finding")
  func everyLook() {
    var pauses: [Int] = []
    var looks = [["a", "b"], ["b"], ["b", "c"], ["b"], ["a", "b"]]
    let found = beside { pauses.append($0) }.report { report(looks.removeFirst()) }
    #expect(found.findings == [finding("b")])
    #expect(looks.isEmpty && pauses == [1, 2, 3, 4])
  }

  @Test("what is another thing at each look is no finding")
  func moments() {
    var number = 0
    let found = beside().report {
      number += 1
      return report(["\(number)"])
    }
    #expect(found.findings.isEmpty && number == SteadyLook.most)
  }

  @Test("a look that finds nothing is the last, and so is one at which nothing could change")
  func once() {
    var number = 0
    let sound = beside().report {
      number += 1
      return report([])
    }
    let quiet = SteadyLook(isAtWork: { false }, files: { [] }, pause: { _ in }).report {
      number += 1
      return report(["a"])
    }
    #expect(sound.findings.isEmpty && quiet.findings == [finding("a")] && number == 2)
  }

  @Test("what is found once nothing changes any more counts, whatever was found before")
  func quietEnd() {
    var isAtWork = true
    var looks = [["a"], ["b"]]
    let look = SteadyLook(isAtWork: { isAtWork }, files: { [] }, pause: { _ in isAtWork = false })
    #expect(look.report { report(looks.removeFirst()) }.findings == [finding("b")])
  }

  @Test("a look during which a file became another one is repeated, though nobody has the lock")
  func changed() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "file")
    let look = SteadyLook(
      isAtWork: { false }, files: { [folder.file("file")] }, pause: { _ in })
    var number = 0
    let value = try look.value(isSettled: { _ in false }) {
      number += 1
      if number == 1 { try folder.write("another", to: "file") }
      return number
    }
    #expect(value == 2)
  }

  @Test("damage and missing files may be of a moment, and other errors are none")
  func errors() throws {
    func looks(_ error: any Error) -> Int {
      var number = 0
      _ = try? beside().value { () throws -> Int in
        number += 1
        throw error
      }
      return number
    }
    #expect(looks(RunFailure.damaged(file: "a", reason: "b")) == SteadyLook.most)
    #expect(looks(RunFailure.missing(path: "a", what: "b")) == SteadyLook.most)
    #expect(looks(StoreError(operation: "open", path: "a", code: 2)) == SteadyLook.most)
    #expect(looks(StoreError(operation: "open", path: "a", code: 13)) == 1)
    #expect(looks(RunFailure.invalid("a")) == 1)
    var number = 0
    let value = try beside().value {
      number += 1
      if number == 1 { throw RunFailure.missing(path: "a", what: "b") }
      return number
    }
    #expect(value == 2)
  }
}
