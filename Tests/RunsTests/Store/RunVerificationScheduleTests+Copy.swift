import Glibc
import RunFixtures
import Runs
import Storage
import Testing

/// What the copy of the schedule says.
extension RunVerificationScheduleTests {
  @Test("a copy with another setting is found, until the run has written it again")
  func changed() throws {
    let (fixture, verification) = try finished()
    let copy = String(decoding: try fixture.folder.read("runs/tiny/schedule.yaml"), as: UTF8.self)
    try fixture.folder.write(
      copy.replacing("train: {epochs: 2}", with: "train: {epochs: 3}"),
      to: "runs/tiny/schedule.yaml")
    let finding = try #require(try verification.report().findings.first)
    #expect(finding.file == fixture.run.schedule)
    #expect(finding.reason.contains("stages[0].train.epochs was 2 and is 3"))
    #expect(
      finding.remedy == "ecpipe run \(fixture.folder.file("tiny.yaml")) writes the copy again")
    #expect(try fixture.run().computed == 0)
    #expect(try verification.report().findings.isEmpty)
  }

  @Test("comments may change; what is no schedule any more, no file, or gone, is found")
  func broken() throws {
    let (fixture, verification) = try finished()
    let copy = String(decoding: try fixture.folder.read("runs/tiny/schedule.yaml"), as: UTF8.self)
    try fixture.folder.write(copy + "\n# a remark\n", to: "runs/tiny/schedule.yaml")
    #expect(try verification.report().findings.isEmpty)
    try fixture.folder.write("version: 1\nname: [\n", to: "runs/tiny/schedule.yaml")
    #expect(try verification.report().findings.map(\.file) == [fixture.run.schedule])
    try DurableFile.remove(fixture.run.schedule)
    #expect(try verification.report().findings.map(\.reason) == ["the file is gone"])
    try FilePaths.makeFolders(fixture.run.schedule)
    #expect(try verification.report().findings.map(\.reason) == ["it is no regular file"])
  }

  @Test("a copy of a schedule that came from a pipe is not written again by naming the pipe")
  func pipe() throws {
    let (fixture, verification) = try finished()
    try fixture.changeManifest { $0.schedulePath = "/dev/null" }
    try DurableFile.remove(fixture.run.schedule)
    let finding = try #require(try verification.report().findings.first)
    #expect(finding.file == fixture.run.schedule)
    #expect(finding.remedy.contains("pipe") && !finding.remedy.contains("/dev/null"))
  }

  @Test("a setting that was added to the copy is found where it can change results")
  func added() throws {
    let (fixture, verification) = try finished()
    let copy = String(decoding: try fixture.folder.read("runs/tiny/schedule.yaml"), as: UTF8.self)
    try fixture.folder.write(
      copy.replacing("csv: data.csv,", with: "csv: data.csv, image: [1, 5],"),
      to: "runs/tiny/schedule.yaml")
    #expect(try verification.report().findings.isEmpty)
    try fixture.folder.write(
      copy.replacing("hidden: [7, 6],", with: "hidden: [7, 6], dropout: 0.5,"),
      to: "runs/tiny/schedule.yaml")
    let findings = try verification.report().findings
    #expect(findings.map(\.file) == [fixture.run.schedule])
    #expect(findings.first?.reason.contains("model.dropout is new: ") == true)
    // A program of another engine may not have known it.
    try fixture.changeManifest { $0.root.settings["engine"] = 0 }
    #expect(try verification.report().findings.isEmpty)
  }

  /// A run that is done, of a schedule that has its table's name from a variable.
  private func finishedByVariable() throws -> RunFixture {
    let fixture = try RunFixture(
      RunFixture.head.replacing("csv: data.csv", with: "csv: \"${TABLE}\"") + RunFixture.stages)
    try fixture.run {
      $0.surroundings = Surroundings(
        now: Surroundings.still.now, environment: { $0 == "TABLE" ? "data.csv" : nil },
        freeSpace: { _ in nil })
    }
    return fixture
  }

  @Test("a variable that is not set here is no damage: it is said that nothing was compared")
  func variable() throws {
    let fixture = try finishedByVariable()
    let report = try RunVerification(folder: fixture.run, surroundings: .still).report()
    #expect(report.findings.isEmpty)
    #expect(report.notes.count == 1 && report.notes[0].contains("TABLE"))
  }

  @Test("a run that stops between run.json and the copy leaves no damage")
  func stoppedBeforeCopy() throws {
    let (fixture, verification) = try finished()
    try fixture.write(
      schedule: RunFixture.head
        + RunFixture.stages.replacing("train: {epochs: 2}", with: "train: {epochs: 3}"))
    let obstacles = DurableFile.partialPaths(of: fixture.run.schedule)
    for path in obstacles { try FilePaths.makeFolders(path) }
    #expect(throws: (any Error).self) { try fixture.run { $0.until = "train" } }
    #expect(FilePaths.isTaken(fixture.run.nextSchedule))
    let report = try verification.report()
    #expect(report.findings.isEmpty)
    #expect(
      report.notes.contains { $0.hasPrefix("\(fixture.run.schedule): it is not the schedule ") })
    for path in obstacles { #expect(rmdir(path) == 0) }
    try findsOtherCopies(fixture, verification)
    try fixture.run { $0.until = "train" }
    #expect(!FilePaths.isTaken(fixture.run.nextSchedule))
    #expect(
      try FilePaths.read(fixture.run.schedule) == fixture.folder.read("tiny.yaml"))
    #expect(try verification.report().findings.isEmpty)
  }

  /// Expects that, while a copy is announced, one that is neither the old nor the new one is damaged.
  private func findsOtherCopies(_ fixture: RunFixture, _ verification: RunVerification) throws {
    let path = fixture.run.schedule
    let (old, new) = (try FilePaths.read(path), try fixture.folder.read("tiny.yaml"))
    let third =
      RunFixture.head
      + RunFixture.stages.replacing("train: {epochs: 2}", with: "train: {epochs: 4}")
    for other in [Array(third.utf8), Array("version: 1\nname: [\n".utf8)] {
      try DurableFile.write(other, to: path)
      #expect(try verification.report().findings.map(\.file) == [path])
    }
    try DurableFile.write(new, to: path)
    #expect(try verification.report().findings.isEmpty)
    try DurableFile.remove(path)
    #expect(try verification.report().findings.map(\.reason) == ["the file is gone"])
    // An earlier program did not say which copy goes.
    try DurableFile.write(Array(third.utf8), to: path)
    let announcement = try FilePaths.read(fixture.run.nextSchedule)
    try DurableFile.write(new, to: fixture.run.nextSchedule)
    #expect(try verification.report().findings.isEmpty)
    try DurableFile.write(announcement, to: fixture.run.nextSchedule)
    try DurableFile.write(old, to: path)
    #expect(try verification.report().findings.isEmpty)
  }

  @Test("a copy that a process at work writes behind run.json is looked at once more")
  func atWorkOnCopy() throws {
    let fixture = try finishedByVariable()
    let path = fixture.run.schedule
    let copy = try FilePaths.read(path)
    let changed = String(decoding: copy, as: UTF8.self)
      .replacing("train: {epochs: 2}", with: "train: {epochs: 3}")
    try DurableFile.write(Array(changed.utf8), to: path)
    // The variable is asked for once the copy has been read.
    let surroundings = Surroundings(
      now: Surroundings.still.now,
      environment: { name in
        try? DurableFile.write(copy, to: path)
        return name == "TABLE" ? "data.csv" : nil
      }, freeSpace: { _ in nil })
    let lock = try FileLock(path: fixture.run.lock, startedAt: Surroundings.still.now())
    try withExtendedLifetime(lock) {
      let report = try RunVerification(folder: fixture.run, surroundings: surroundings).report()
      #expect(report.findings.isEmpty)
    }
  }

  @Test(
    "another network by now in the file that a run begins with is no damage of its copy",
    arguments: ["", ", hidden: [7, 6]"])
  func otherStart(hidden: String) throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let start = try FilePaths.read(fixture.folder.file(fixture.checkpoint("train")))
    try fixture.folder.write(start, to: "start.safetensors")
    let schedule = """
      version: 1
      name: next
      data: {csv: data.csv, task: classification, split: {validation: 0.2, test: 0.2}}
      model: {start: start.safetensors\(hidden)}
      stages: [{prune: {to: 0.5}}]

      """
    try fixture.write(schedule: schedule)
    try fixture.run()
    let next = RunFolder(checkpoints: fixture.run.checkpoints, name: "next")
    let verification = RunVerification(folder: next, surroundings: .still)
    #expect(try verification.report().findings.isEmpty)
    let other = try RunFixture(
      RunFixture.head.replacing("hidden: [7, 6]", with: "hidden: [5]")
        + "stages: [{train: {epochs: 1}}]\n")
    try other.run()
    try fixture.folder.write(
      FilePaths.read(other.folder.file(other.checkpoint("train"))), to: "start.safetensors")
    let report = try verification.report()
    #expect(report.findings.isEmpty)
    #expect(report.notes.contains { $0.contains("not compared with run.json, because ") })
    try fixture.folder.write("version: 1\nname: [\n", to: "runs/next/schedule.yaml")
    #expect(try verification.report().findings.map(\.file) == [next.schedule])
  }
}
