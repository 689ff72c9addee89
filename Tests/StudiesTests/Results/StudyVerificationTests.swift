import RunFixtures
import Runs
import Storage
import Studies
import Testing

@Suite("What a verification of a study looks at") struct StudyVerificationTests {
  private static let text = StudyFixture.text.replacing("seeds: 2", with: "seeds: 1")

  /// A study that is done: 9 cells.
  private func done() throws -> (fixture: StudyFixture, folder: StudyFolder) {
    let fixture = try StudyFixture(Self.text)
    _ = try fixture.run()
    return (fixture, StudyFolder(path: fixture.folder.file("runs/small")))
  }

  private func report(_ folder: StudyFolder) throws -> StudyVerification.Report {
    try StudyVerification(folder: folder).report()
  }

  @Test(
    "what is gone is damage, and compare puts it right",
    arguments: ["cells.jsonl", "results.csv", "report.html", "study.yaml", "study.json"])
  func gone(name: String) throws {
    let (fixture, folder) = try done()
    #expect(try report(folder).findings.isEmpty)
    try DurableFile.remove(folder.file(name))
    let findings = try report(folder).findings
    #expect(findings.map(\.file) == [folder.file(name)])
    #expect(findings.first?.reason.hasPrefix("the file is gone") == true)
    #expect(findings.first?.remedy.contains("ecpipe compare") == true)
    // It is found by its name all the same.
    let locator = RunLocator(checkpoints: fixture.folder.file("runs"))
    #expect(locator.study("small") == StudyFolder(checkpoints: locator.checkpoints, name: "small"))
    _ = try fixture.run()
    #expect(try report(folder).findings.isEmpty)
  }

  @Test("results that are cut off at the end of a line are missed, whoever measured them")
  func cut() throws {
    let (fixture, folder) = try done()
    let lines = try fixture.folder.text("runs/small/cells.jsonl").split(separator: "\n")
    let left = lines.dropLast(2).joined(separator: "\n") + "\n"
    try fixture.folder.write(left, to: "runs/small/cells.jsonl")
    let findings = try report(folder).findings
    #expect(findings.map(\.reason) == ["2 results are not there any more"])

    let shared = try StudyFixture(Self.text)
    _ = try shared.run(threads: 1, stopAfter: .max) { $0.lease = .seconds(60) }
    let own = StudyFolder(path: shared.folder.file("runs/small"))
    #expect(try report(own).findings.isEmpty)
    for worker in FilePaths.entries(of: own.workers) {
      try DurableFile.remove(own.workers + "/\(worker)/cells.jsonl")
    }
    let lost = try report(own).findings
    #expect(lost.map(\.file) == [own.cells])
    // What it never had is not gone.
    #expect(
      lost.map(\.reason) == ["9 results are not there any more, in it or in those of workers"])
  }

  @Test(
    "a folder in the place of any file is damage of that file, and the others are looked at",
    arguments: ["cells.jsonl", "results.csv", "report.html", "study.yaml", "study.json"])
  func folders(name: String) throws {
    let (fixture, folder) = try done()
    defer { withExtendedLifetime(fixture) {} }
    try DurableFile.remove(folder.file(name))
    try FilePaths.makeFolders(folder.file(name))
    let other = name == "report.html" ? folder.results : folder.report
    // Without the record nobody knows what the table and the page are to be.
    let isKnown = name != "study.json"
    if isKnown { try DurableFile.remove(other) }
    let findings = try report(folder).findings
    #expect(Set(findings.map(\.file)) == Set([folder.file(name)] + (isKnown ? [other] : [])))
    #expect(findings.contains { $0.reason.contains("something else stands in its place") })
  }

  @Test("a dense network that nothing needs any more is noted, and is no damage")
  func dense() throws {
    let (fixture, folder) = try done()
    defer { withExtendedLifetime(fixture) {} }
    let names = FilePaths.entries(of: folder.path).filter { $0.hasPrefix("dense-") }
    for name in names { try DurableFile.remove(folder.file(name)) }
    let report = try report(folder)
    #expect(report.findings.isEmpty && report.notes.count == names.count && names.count == 1)
    #expect(report.notes[0].hasPrefix(folder.file(names[0])))
  }

  @Test("a study that was changed, or stopped, misses nothing that is yet to be measured")
  func interrupted() throws {
    let (fixture, folder) = try done()
    try fixture.write(Self.text.replacing("[0.4, 0.8]", with: "[0.4, 0.7]"))
    #expect(throws: RunFailure.self) { try fixture.run(threads: 1, stopAfter: 1) }
    let report = try report(folder)
    #expect(report.findings.isEmpty && report.sound < report.cells)
  }

  @Test(
    "a study that is not finished says what is open, and is damaged where it has lost its results")
  func unfinished() throws {
    let fixture = try StudyFixture(Self.text)
    #expect(throws: RunFailure.self) { try fixture.run(threads: 1, stopAfter: 3) }
    let folder = StudyFolder(path: fixture.folder.file("runs/small"))
    let sound = try report(folder)
    #expect(sound.findings.isEmpty && sound.sound >= 3 && sound.sound < 8 && sound.cells == 9)
    #expect(sound.notes.count == 1)
    #expect(
      sound.notes[0].hasPrefix(
        "\(folder.record): the study is not finished: \(9 - sound.sound) cells have no result yet; "
      ))
    try DurableFile.remove(folder.cells)
    let findings = try report(folder).findings
    #expect(findings.map(\.file) == [folder.cells])
    #expect(
      findings.map(\.reason) == [
        "the file is gone: \(sound.sound) results are not there any more"
      ])
    _ = try fixture.run()
    let done = try report(folder)
    #expect(done.findings.isEmpty && done.notes.isEmpty && done.sound == 9)
    // Another seed: the table and the page of the first are there all the while.
    try fixture.write(StudyFixture.text)
    #expect(throws: RunFailure.self) { try fixture.run(threads: 1, stopAfter: 3) }
    let extended = try report(folder)
    #expect(extended.findings.isEmpty && extended.notes.count == 1 && extended.cells == 18)
    #expect(extended.sound >= 12 && extended.sound < 17)
    #expect(
      extended.notes.first?.hasPrefix(
        "\(folder.record): the study is not finished: \(18 - extended.sound) cells have no result yet; "
      ) == true)
  }

  @Test(
    "the study of before is no damage where the recorded one lies beside it, as a kill leaves both")
  func replaced() throws {
    let (fixture, folder) = try done()
    let changed = Self.text.replacing("[0.4, 0.8]", with: "[0.4, 0.7]")
    try fixture.write(changed)
    _ = try fixture.run()
    #expect(!FilePaths.isTaken(folder.nextStudy))
    try DurableFile.write(Array(changed.utf8), to: folder.nextStudy)
    try DurableFile.write(Array(Self.text.utf8), to: folder.study)
    let killed = try report(folder)
    #expect(killed.findings.isEmpty)
    #expect(killed.notes.contains { $0.hasPrefix("\(folder.study): it is the study of before") })
    _ = try fixture.run()
    #expect(!FilePaths.isTaken(folder.nextStudy))
    #expect(try FilePaths.read(folder.study) == Array(changed.utf8))
    try DurableFile.write(Array(Self.text.utf8), to: folder.study)
    #expect(try report(folder).findings.map(\.file) == [folder.study])
  }

  @Test("a study that others compute anew, table and page and all, is sound whenever one looks")
  func besideOthers() throws {
    let (fixture, folder) = try done()
    let changed = Self.text.replacing("[0.4, 0.8]", with: "[0.4, 0.7]")
    let isOver = StopSign()
    try ParallelTasks(threads: 2).run(2) { task, _, _ in
      if task == 0 {
        defer { isOver.raise() }
        for round in 0..<8 {
          try fixture.write(round % 2 == 0 ? changed : Self.text)
          // By one process, and by a worker.
          _ = try fixture.run { if round > 3 { $0.lease = .seconds(60) } }
        }
      } else {
        while !isOver.isUp {
          try StudyVerification(folder: folder).report().check()
        }
      }
    }
    #expect(try report(folder).findings.isEmpty)
  }

  @Test("a study that has not begun is missing, and one that has lost its record is told so")
  func begun() throws {
    let (fixture, folder) = try done()
    try DurableFile.remove(folder.record)
    func message() -> String {
      do {
        _ = try StudyStatus(of: folder)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(message().contains("the rest of the study is there"))
    for name in FilePaths.entries(of: folder.path)
    where !["study.yaml", "claims", "workers"].contains(name) {
      try DurableFile.remove(folder.file(name))
    }
    #expect(message().contains("stopped before it had begun"))
    #expect(throws: RunFailure.self) { try report(folder) }
    #expect(try fixture.run().outcome.measured == 9)
  }
}
