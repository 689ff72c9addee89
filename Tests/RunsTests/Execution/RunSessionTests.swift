import Foundation
import ModelFiles
import NumericCore
import Reports
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("RunSession") struct RunSessionTests {
  // MARK: Edited schedules

  @Test("an edited schedule runs from the first changed stage on, and earlier files stay")
  func edited() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let before = try fixture.states()
    try fixture.write(
      schedule: RunFixture.head
        + RunFixture.stages.replacing("finetune: {epochs: 1}", with: "finetune: {epochs: 2}"))
    let plan = try fixture.session().preview().plan
    let status = RunStatus(of: plan, in: fixture.run, manifest: try fixture.manifest)
    #expect(status.stages.map(\.isOpen) == [false, false, false, true, true, true])
    #expect(
      status.stages.map { $0.changes.map(\.description) } == [
        [], [], [], ["epochs was 1 and is 2"], [], ["epochs was 1 and is 2"],
      ])

    try fixture.run()
    #expect(
      fixture.computed == ["alternate/01/finetune", "alternate/02/prune", "alternate/02/finetune"])
    let after = try fixture.states()
    for (name, state) in before where name.hasSuffix(".safetensors") && !name.contains("result") {
      #expect(after[name] == state)
    }

    // Back to the old schedule: all its checkpoints are there still.
    try fixture.write(schedule: RunFixture.head + RunFixture.stages)
    #expect(try fixture.run().computed == 0)
    #expect(
      FilePaths.linkTarget(fixture.run.result)
        == before["tiny/result.safetensors"]?.sha256.dropFirst(3).description)
  }

  @Test("stages taken off the end leave nothing to do, and the result is the new last stage")
  func shortened() throws {
    let fixture = try RunFixture()
    try fixture.run()
    try fixture.write(schedule: RunFixture.head + "stages: [train: {epochs: 2}]")
    #expect(try fixture.run().computed == 0)
    #expect(
      FilePaths.linkTarget(fixture.run.result)
        == FilePaths.name(of: try fixture.checkpoint("train")))
  }

  @Test("an evaluation put in between runs alone")
  func insertedLeaf() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let expected = try fixture.checkpoints()
    try fixture.write(
      schedule: RunFixture.head
        + RunFixture.stages.replacing(
          "  - alternate:", with: "  - evaluate: {part: train}\n  - alternate:")
        + "\n  - evaluate: {part: validation}")
    #expect(try fixture.run().computed == 2)
    #expect(fixture.computed == ["evaluate-2", "evaluate-3"])
    #expect(try fixture.differences(from: expected) == [])
    #expect(try fixture.run().computed == 0)
  }

  @Test("the same evaluation twice is recorded once and never open again")
  func equalLeaves() throws {
    let fixture = try RunFixture(
      RunFixture.head
        + "stages: [train: {epochs: 1}, evaluate: {part: test}, evaluate: {part: test}]")
    try fixture.run()
    #expect(try fixture.manifest.stages.count == 2)
    #expect(try fixture.run().computed == 0)
  }

  @Test("comments, levels and times between saves change nothing")
  func cosmetic() throws {
    let fixture = try RunFixture()
    try fixture.run()
    try fixture.write(
      schedule: "# a comment\n" + RunFixture.head + RunFixture.stages
        + "\ncheckpoints: {level: 3, every: 5s}\n")
    #expect(try fixture.run().computed == 0)
    #expect(try fixture.folder.text("runs/tiny/schedule.yaml").hasPrefix("# a comment"))
  }

  @Test("progress of a stage that has been edited is let go, with a warning")
  func editedProgress() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    try fixture.run { $0.overrides = ["stages[0].train.epochs=1"] }
    #expect(
      fixture.warnings == [
        "stage train was interrupted, but the schedule has changed: it starts anew"
      ])
    #expect(fixture.computed.first == "train")
  }

  @Test("progress of another engine is let go, with a warning")
  func progressOfAnotherEngine() throws {
    let fixture = try RunFixture()
    try fixture.interrupt(in: "train")
    var contents = try StoredCheckpoint.contents(of: fixture.run.progress)
    contents.lineage["key"] = "another"
    contents.fingerprint["engine"] = 0
    let bytes = try Checkpoint.encode(contents, level: 1, digest: { Digest.sha256($0) })
    try fixture.folder.write(bytes, to: "runs/tiny/progress.safetensors")
    try fixture.run()
    #expect(
      fixture.warnings == [
        "stage train was interrupted, but the engine has changed: it starts anew"
      ])
    #expect(fixture.computed.first == "train")
  }

  // MARK: Changed data

  @Test("changed data without progress: a warning, and all stages anew beside the old files")
  func changedData() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let before = try fixture.checkpoints()
    try fixture.folder.write(RunFixture.table(seed: 2), to: "data.csv")
    #expect(try fixture.run().computed == 6)
    #expect(
      fixture.warnings == ["the data have changed since the last run: all stages are computed anew"]
    )
    let after = try fixture.checkpoints()
    #expect(after.count == 2 * before.count)
    for (name, digest) in before { #expect(after[name] == digest) }
    // The old data back: their results are still there.
    try fixture.folder.write(RunFixture.table(seed: 1), to: "data.csv")
    #expect(try fixture.run().computed == 0)
    #expect(
      fixture.warnings == [
        "the data have changed since the last run: stages that an earlier run has done with these are not done "
          + "again, all others are computed anew"
      ])
  }

  @Test("changed data under an interrupted stage: an error, and nothing on disk changes")
  func changedDataUnderProgress() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    try fixture.folder.write(RunFixture.table(seed: 2), to: "data.csv")
    let before = try fixture.states().filter { $0.key != "tiny.lock" }
    let failure = try #require(throws: RunFailure.self) { try fixture.run() }
    #expect(failure == .dataChanged(run: fixture.run.path, stage: "train"))
    #expect(failure.exitCode == 65)
    #expect(try fixture.states().filter { $0.key != "tiny.lock" } == before)

    // Also where the manifest is damaged on top.
    try fixture.folder.write("{", to: "runs/tiny/run.json")
    #expect(throws: failure) { try fixture.run() }
    #expect(try fixture.folder.text("runs/tiny/run.json") == "{")

    try fixture.run { $0.fresh = true }
    #expect(try fixture.run().computed == 0)
    #expect(FilePaths.exists(fixture.run.path + ".old-1/progress.safetensors"))
  }

  @Test("a resumed run demands the same data")
  func resumedData() throws {
    let fixture = try RunFixture()
    try fixture.run()
    try fixture.folder.write(RunFixture.table(seed: 2), to: "data.csv")
    let before = try fixture.states().filter { $0.key != "tiny.lock" }
    #expect(throws: RunFailure.dataChanged(run: fixture.run.path, stage: nil)) {
      try fixture.run { $0.demandsSameData = true }
    }
    #expect(try fixture.states().filter { $0.key != "tiny.lock" } == before)
  }

  @Test("data touched but not changed: nothing is computed")
  func touchedData() throws {
    let fixture = try RunFixture()
    try fixture.run()
    try fixture.folder.write(RunFixture.table(seed: 1), to: "data.csv")
    #expect(try fixture.run().computed == 0)
    #expect(fixture.warnings.isEmpty)
  }

  // MARK: Errors

  @Test("a second run on the same folder is refused at once and changes nothing")
  func locked() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let before = try fixture.states()
    let lock = try FileLock(path: fixture.run.lock, startedAt: "today")
    let refusal = try #require(throws: LockHeld.self) { try fixture.run() }
    #expect(refusal.path == fixture.run.lock)
    #expect(refusal.holder.hasSuffix("since today") && refusal.holder.hasPrefix("pid "))
    withExtendedLifetime(lock) {}
    #expect(
      try fixture.states().filter { $0.key != "tiny.lock" }
        == before.filter { $0.key != "tiny.lock" })
  }

  @Test("the lock is held from the first write to the last")
  func lockLifetime() throws {
    let fixture = try RunFixture()
    let lock = fixture.run.lock
    var held: [Bool] = []
    _ = try fixture.session().run(
      pool: WorkerPool(threadCount: 1), events: { _ in held.append(FileLock.isHeld(path: lock)) },
      isInterrupted: {
        held.append(FileLock.isHeld(path: lock))
        return false
      })
    #expect(held.count > 30)
    #expect(held.allSatisfy { $0 })
    #expect(!FileLock.isHeld(path: lock))
  }

  @Test("a manifest of a newer format is not touched, unless a fresh start is wanted")
  func newer() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    var json = try JSONValue(parsing: fixture.folder.read("runs/tiny/run.json"))
    json["format"] = 5
    let bytes = RecordFixture.sealed(json)
    try fixture.folder.write(bytes, to: "runs/tiny/run.json")
    #expect(
      throws: RunFailure.invalid(
        "\(fixture.run.manifest): written by a newer ecpipe: format 5, this one reads 4")
    ) { try fixture.run() }
    #expect(try fixture.folder.read("runs/tiny/run.json") == bytes)
    try fixture.run { $0.fresh = true }
    #expect(try fixture.folder.read("runs/tiny.old-1/run.json") == bytes)
  }

  @Test("a bad schedule or missing data change nothing on disk")
  func bad() throws {
    let fixture = try RunFixture()
    try fixture.write(schedule: RunFixture.head + "stages: []")
    #expect(throws: ScheduleError.self) { try fixture.run() }
    try fixture.write(schedule: RunFixture.head + RunFixture.stages)
    try DurableFile.remove(fixture.folder.file("data.csv"))
    let failure = try #require(throws: RunFailure.self) { try fixture.run() }
    #expect(failure.exitCode == 66)
    #expect(
      "\(failure)".hasPrefix(fixture.folder.file("data.csv") + ": no such file; put it there"))
    #expect(!FilePaths.exists(fixture.folder.file("runs")))
  }

  @Test("a file where the folder of runs is to be is said to be one")
  func unwritable() throws {
    let fixture = try RunFixture()
    try fixture.folder.write("a file", to: "runs")
    let failure = try #require(throws: RunFailure.self) { try fixture.run() }
    #expect(failure.exitCode == 64)
    #expect("\(failure)".hasPrefix("\(fixture.folder.file("runs")): this is a file"))
    #expect(try fixture.folder.text("runs") == "a file")
  }

  @Test("a log that cannot be written is said once and ends no run")
  func logFails() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    try DurableFile.remove(fixture.run.events)
    try fixture.folder.write("", to: "elsewhere")
    // A link in the run's folder is not followed.
    try DurableFile.link(fixture.run.events, to: "../../elsewhere")
    try fixture.run()
    #expect(fixture.warnings.count == 1)
    #expect(
      fixture.warnings[0].hasPrefix(
        "the run goes on, but events are missing in its log: \(fixture.run.events): open failed"))
    #expect(try fixture.folder.read("elsewhere").isEmpty)
    #expect(fixture.computed.count == 5)
  }
}
