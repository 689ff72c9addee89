import Glibc
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Run verification: what follows from the schedule") struct RunVerificationScheduleTests {
  func finished(
    _ schedule: String = RunFixture.head + RunFixture.stages
  ) throws -> (fixture: RunFixture, verification: RunVerification) {
    let fixture = try RunFixture(schedule)
    try fixture.run()
    return (fixture, RunVerification(folder: fixture.run, surroundings: .still))
  }

  private func point(_ fixture: RunFixture, at stage: String) throws {
    try DurableFile.link(fixture.run.result, to: FilePaths.name(of: fixture.checkpoint(stage)))
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

  @Test(
    "a run of a schedule that is whole again, which stops before it has moved the result, leaves no damage"
  )
  func restoredAndStopped() throws {
    let (fixture, verification) = try finished()
    let whole = try #require(FilePaths.linkTarget(fixture.run.result))
    try fixture.write(
      schedule: RunFixture.head + "stages: [{train: {epochs: 2}}, {evaluate: {part: test}}]\n")
    try fixture.run()
    #expect(
      try FilePaths.linkTarget(fixture.run.result)
        == FilePaths.name(of: fixture.checkpoint("train")))
    try fixture.write(schedule: RunFixture.head + RunFixture.stages)
    let obstacles = DurableFile.partialPaths(of: fixture.run.result)
    for path in obstacles { try FilePaths.makeFolders(path) }
    #expect(throws: StoreError.self) { try fixture.run() }
    let report = try verification.report()
    #expect(report.findings.isEmpty)
    #expect(
      report.notes.contains {
        $0.hasPrefix("\(fixture.run.result): it leads to the model of stage train instead of ")
      })
    for path in obstacles { #expect(rmdir(path) == 0) }
    #expect(try fixture.run().computed == 0)
    #expect(FilePaths.linkTarget(fixture.run.result) == whole)
    #expect(!FilePaths.isTaken(fixture.run.nextSchedule))
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().notes.isEmpty)
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
