import RunFixtures
import Runs
import Storage
import Testing

@Suite("Run verification: what follows from the schedule") struct RunVerificationScheduleTests {
  private func finished(
    _ schedule: String = RunFixture.head + RunFixture.stages
  ) throws -> (fixture: RunFixture, verification: RunVerification) {
    let fixture = try RunFixture(schedule)
    try fixture.run()
    return (fixture, RunVerification(folder: fixture.run, surroundings: .still))
  }

  private func point(_ fixture: RunFixture, at stage: String) throws {
    try DurableFile.link(fixture.run.result, to: FilePaths.name(of: fixture.checkpoint(stage)))
  }

  // MARK: The copy

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

  @Test("a variable that is not set here is no damage: it is said that nothing was compared")
  func variable() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("csv: data.csv", with: "csv: \"${TABLE}\"") + RunFixture.stages)
    try fixture.run {
      $0.surroundings = Surroundings(
        now: Surroundings.still.now, environment: { $0 == "TABLE" ? "data.csv" : nil },
        freeSpace: { _ in nil })
    }
    let report = try RunVerification(folder: fixture.run, surroundings: .still).report()
    #expect(report.findings.isEmpty)
    #expect(report.notes.count == 1 && report.notes[0].contains("TABLE"))
  }

  @Test("a copy that a process at work writes behind run.json is looked at once more")
  func atWorkOnCopy() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("csv: data.csv", with: "csv: \"${TABLE}\"") + RunFixture.stages)
    try fixture.run {
      $0.surroundings = Surroundings(
        now: Surroundings.still.now, environment: { $0 == "TABLE" ? "data.csv" : nil },
        freeSpace: { _ in nil })
    }
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

  // MARK: The result

  @Test("a result that leads to an earlier stage is found; one stage behind is what a kill leaves")
  func result() throws {
    let (fixture, verification) = try finished()
    try point(fixture, at: "train")
    let report = try verification.report()
    #expect(report.findings.map(\.file) == [fixture.run.result])
    #expect(
      report.findings.map(\.reason) == [
        "it leads to the model of stage train instead of alternate/02/finetune"
      ])
    try point(fixture, at: "alternate/02/prune")
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().notes.count == 1)
    #expect(try fixture.run().computed == 0)
    #expect(try verification.report().notes.isEmpty)
  }

  @Test("a run that goes on moves a result on that was left behind, before it computes anything")
  func leftBehind() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "alternate/01/finetune" }
    try point(fixture, at: "alternate/01/prune")
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 1) }
    #expect(
      try FilePaths.linkTarget(fixture.run.result)
        == FilePaths.name(of: fixture.checkpoint("alternate/01/finetune")))
  }

  @Test("a result of another schedule is what a run leaves that was killed after the change")
  func otherSchedule() throws {
    let (fixture, verification) = try finished()
    let old = try #require(FilePaths.linkTarget(fixture.run.result))
    try fixture.write(
      schedule: RunFixture.head
        + "stages: [{train: {epochs: 2}}, {prune: {to: 0.5}}, {finetune: {epochs: 1}}]\n")
    try fixture.run { $0.until = "train" }
    try DurableFile.link(fixture.run.result, to: old)
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().notes.count == 1)
    try fixture.run()
    #expect(try verification.report().notes.isEmpty)
    try DurableFile.link(fixture.run.result, to: old)
    let report = try verification.report()
    #expect(report.findings.isEmpty && report.notes.count == 1)
    #expect(
      report.notes[0].contains(
        "it leads to the model of stage alternate/02/finetune of another schedule instead of finetune"
      ))
  }

  @Test("a run moves the result to its last model, made before the schedule was another, at once")
  func restoredSchedule() throws {
    let stages = "stages: [{train: {epochs: 1}}, {prune: {to: 0.5}}, {finetune: {epochs: 1}}"
    let (fixture, verification) = try finished(RunFixture.head + stages + "]\n")
    let own = try #require(FilePaths.linkTarget(fixture.run.result))
    try fixture.write(
      schedule: RunFixture.head
        + stages.replacing("finetune: {epochs: 1", with: "finetune: {epochs: 2")
        + "]\n")
    try fixture.run()
    let other = try #require(FilePaths.linkTarget(fixture.run.result))
    #expect(other != own)
    try fixture.write(
      schedule: RunFixture.head + stages + ", {evaluate: {part: test}}]\n")
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 1) }
    #expect(FilePaths.linkTarget(fixture.run.result) == own)
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().notes.isEmpty)
    // As a kill between the manifest and the link leaves it.
    try DurableFile.link(fixture.run.result, to: other)
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().notes.count == 1)
  }

  @Test("a result that is behind while a run is at work is no damage")
  func atWork() throws {
    let (fixture, verification) = try finished()
    try point(fixture, at: "train")
    let lock = try FileLock(path: fixture.run.lock, startedAt: Surroundings.still.now())
    try withExtendedLifetime(lock) {
      let report = try verification.report()
      #expect(report.findings.isEmpty && report.notes.count == 1)
    }
  }

  // MARK: Pins

  @Test("lost notes of what stages have exported are found, and a run notes it again")
  func pins() throws {
    let (fixture, verification) = try finished(
      RunFixture.head + "stages: [{train: {epochs: 1}}, {export: {npz: net.npz}}]\n")
    #expect(try verification.report().findings.isEmpty)
    let before = try CheckpointPins(of: fixture.run).contents()
    try DurableFile.remove(fixture.run.pins)
    let finding = try #require(try verification.report().findings.first)
    #expect(finding.file == fixture.run.pins)
    #expect(
      finding.reason
        == "the file is gone, and nothing notes that a file was written from train (by stage export)"
    )
    #expect(try fixture.run().computed == 0)
    #expect(try verification.report().findings.isEmpty)
    let train = try fixture.manifest.stages[0]
    #expect(before.hold(train))
    #expect(try CheckpointPins(of: fixture.run).contents().hold(train))
    // What cannot be read is said, beside what else there is.
    try DurableFile.remove(fixture.run.pins)
    try FilePaths.makeFolders(fixture.run.pins)
    #expect(try verification.report().findings.map(\.file) == [fixture.run.pins])
  }

  @Test("a run says where nothing notes any more that it begins with another's checkpoint")
  func start() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let schedule = """
      version: 1
      name: next
      data: {csv: data.csv, task: classification, split: {validation: 0.2, test: 0.2}}
      model: {start: \(try fixture.checkpoint("train"))}
      stages: [{prune: {to: 0.5}}]

      """
    try fixture.write(schedule: schedule)
    try fixture.run()
    let next = RunFolder(checkpoints: fixture.run.checkpoints, name: "next")
    let verification = RunVerification(folder: next, surroundings: .still)
    #expect(try verification.report().notes.isEmpty)
    try DurableFile.remove(fixture.run.pins)
    let report = try verification.report()
    #expect(report.findings.isEmpty && report.notes.count == 1)
    #expect(
      report.notes[0].hasPrefix("\(fixture.run.pins): nothing notes that this run begins with "))
    #expect(try fixture.run().computed == 0)
    #expect(try verification.report().notes.isEmpty)
  }
}
