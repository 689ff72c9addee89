import Foundation
import NumericCore
import Reports
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

extension RunSessionTests {
  @Test("--until stops behind a stage, and the next run goes on from there")
  func until() throws {
    let whole = try RunFixture()
    try whole.run()
    let fixture = try RunFixture()
    try fixture.run { $0.until = "alternate/01/prune" }
    #expect(fixture.computed == ["train", "evaluate", "alternate/01/prune"])
    try fixture.run { $0.until = "evaluate" }
    #expect(fixture.computed.isEmpty)
    try fixture.run()
    #expect(fixture.computed.count == 3)
    #expect(try fixture.differences(from: whole.checkpoints()) == [])
  }

  @Test("--from computes a stage and all behind it again, to the same bits")
  func from() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let expected = try fixture.checkpoints()
    let result = FilePaths.linkTarget(fixture.run.result)
    try fixture.run { $0.from = "alternate/02/prune" }
    #expect(fixture.computed == ["alternate/02/prune", "alternate/02/finetune"])
    #expect(try fixture.differences(from: expected) == [])
    #expect(FilePaths.linkTarget(fixture.run.result) == result)
    try fixture.run {
      $0.from = "train"
      $0.until = "evaluate"
    }
    #expect(fixture.computed == ["train", "evaluate"])
    #expect(
      FilePaths.linkTarget(fixture.run.result)
        == FilePaths.name(of: try fixture.checkpoint("train")))
    try fixture.run()
    #expect(fixture.computed.count == 4)
    #expect(try fixture.differences(from: expected) == [])
  }

  @Test(
    "the old result can be read until --from has come to another one", arguments: [false, true])
  func fromKeepsResult(delta: Bool) throws {
    let fixture = try RunFixture(
      RunFixture.head + RunFixture.stages + "\ncheckpoints: {delta: \(delta)}\n")
    try fixture.run()
    let before = try StoredCheckpoint.contents(of: fixture.run.result).state
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 1) { $0.from = "train" } }
    #expect(FilePaths.linkTarget(fixture.run.result)?.hasSuffix(".safetensors.replaced") == true)
    #expect(try StoredCheckpoint.contents(of: fixture.run.result).state == before)
    let report = try RunVerification(folder: fixture.run, surroundings: .still).report()
    #expect(report.findings.isEmpty && report.checkpoints == 0)
    try fixture.run()
    #expect(
      try FilePaths.linkTarget(fixture.run.result)
        == FilePaths.name(of: fixture.checkpoint("alternate/02/finetune")))
    #expect(try StoredCheckpoint.contents(of: fixture.run.result).state == before)
  }

  @Test("--from keeps the progress of an earlier stage")
  func fromBehindProgress() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    #expect(throws: RunFailure.self) {
      try fixture.run(stopAt: 2) { $0.from = "alternate/01/prune" }
    }
    #expect(fixture.events.contains { if case .stageResumed = $0 { true } else { false } })
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 1) { $0.from = "train" } }
    #expect(!FilePaths.exists(fixture.run.progress))
  }

  @Test(
    "a stage that is not in the plan is refused before anything is written",
    arguments: [true, false])
  func unknownStage(isFrom: Bool) throws {
    let fixture = try RunFixture()
    let failure = try #require(throws: RunFailure.self) {
      try fixture.run {
        if isFrom { $0.from = "alternate/1/prune" } else { $0.until = "alternate/1/prune" }
      }
    }
    #expect(
      failure
        == .commandLine(
          "no stage is called alternate/1/prune; did you mean alternate/01/prune? "
            + "(ecpipe plan lists the stages)"))
    #expect(!FilePaths.exists(fixture.folder.file("runs")))
  }

  @Test("--from behind --until is refused")
  func fromBehindUntil() throws {
    let fixture = try RunFixture()
    let failure = try #require(throws: RunFailure.self) {
      try fixture.run {
        $0.from = "alternate/01/prune"
        $0.until = "train"
      }
    }
    #expect(failure.exitCode == 64)
    #expect(!FilePaths.exists(fixture.folder.file("runs")))
    try fixture.run {
      $0.from = "train"
      $0.until = "train"
    }
    #expect(fixture.computed == ["train"])
  }

  @Test("--fresh moves the old run aside, as often as wanted")
  func fresh() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.fresh = true }
    #expect(fixture.warnings.isEmpty)
    let expected = try fixture.checkpoints()
    for number in 1...2 {
      #expect(try fixture.run { $0.fresh = true }.computed == 6)
      let old = "\(fixture.run.path).old-\(number)"
      #expect(fixture.notes == ["the old run is now \(old)"] && fixture.warnings.isEmpty)
      #expect(FilePaths.exists(old + "/run.json"))
      #expect(try fixture.differences(from: expected) == [])
    }
  }

  @Test("overrides hold for the run and are recorded")
  func overrides() throws {
    let fixture = try RunFixture()
    let manifest = try fixture.run { $0.overrides = ["stages[0].train.epochs=1"] }.manifest
    #expect(manifest.overrides == ["stages[0].train.epochs=1"])
    #expect(manifest.stages[0].settings["epochs"] == 1)
    #expect(manifest.schedulePath == fixture.folder.file("tiny.yaml"))
    // Without them it is another run of the same name.
    try fixture.run()
    #expect(fixture.computed.count == 6)
    #expect(try fixture.manifest.overrides == [])
  }

  @Test("a run in a folder of another name, as resume finds it, stays in it")
  func namedFolder() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let moved = RunFolder(checkpoints: fixture.folder.file("runs"), name: "renamed")
    try DurableFile.move(fixture.run.path, to: moved.path)
    try fixture.run { $0.folder = moved }
    #expect(fixture.computed.first == "evaluate")
    #expect(FilePaths.exists(moved.result))
    #expect(!FilePaths.exists(fixture.run.path))
  }
}
