import Foundation
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Run verification") struct RunVerificationTests {
  private func finished() throws -> (fixture: RunFixture, verification: RunVerification) {
    let fixture = try RunFixture()
    try fixture.run()
    return (fixture, RunVerification(folder: fixture.run, surroundings: .still))
  }

  @Test("a sound run: everything is hashed, nothing found or changed, without schedule and data")
  func sound() throws {
    let (fixture, verification) = try finished()
    try DurableFile.remove(fixture.folder.file("tiny.yaml"))
    try DurableFile.remove(fixture.folder.file("data.csv"))
    let before = try fixture.states()
    let report = try verification.report()
    #expect(report.findings.isEmpty && report.notes.isEmpty)
    #expect(report.checkpoints == 5)
    let sizes = try fixture.manifest.stages.compactMap(\.bytes)
    #expect(report.bytes == sizes.reduce(0, +))
    #expect(try fixture.states() == before)
    #expect(throws: Never.self) { try report.check() }
  }

  @Test(
    "every kind of damage is found, and the way to mend it is said",
    arguments: ExecutorStartTests.Damage.allCases)
  func damaged(damage: ExecutorStartTests.Damage) throws {
    let (fixture, verification) = try finished()
    let name = try fixture.checkpoint("alternate/01/prune")
    try damage.apply(to: name, in: fixture.folder)
    let before = try fixture.states()
    let report = try verification.report()
    #expect(report.findings.count == 1)
    let finding = try #require(report.findings.first)
    #expect(finding.file == fixture.folder.file(name))
    #expect(finding.stage == "alternate/01/prune")
    #expect(finding.remedy.contains("replay alternate/01/prune \(fixture.run.path) --restore"))
    #expect(try fixture.states() == before)
    #expect(throws: VerificationFailure.self) { try report.check() }
  }

  @Test("the damaged entry is named")
  func entry() throws {
    let (fixture, verification) = try finished()
    let name = try fixture.checkpoint("train")
    let summary = try StoredCheckpoint.summary(of: fixture.folder.file(name))
    let last = try #require(summary.entries.last)
    var bytes = try fixture.folder.read(name)
    bytes[bytes.count - 1] ^= 1
    try fixture.folder.write(bytes, to: name)
    let reason = try #require(try verification.report().findings.first?.reason)
    #expect(reason.hasPrefix("its SHA-256 is not the recorded one ("))
    #expect(reason.contains("entry '\(last.form.name)'"))
  }

  @Test("all damages are reported, each on a line of its own")
  func all() throws {
    let (fixture, verification) = try finished()
    for stage in ["train", "alternate/01/finetune", "alternate/02/finetune"] {
      try ExecutorStartTests.Damage.cut.apply(to: fixture.checkpoint(stage), in: fixture.folder)
    }
    try fixture.folder.write("x", to: "runs/tiny/progress.safetensors")
    let failure = try #require(throws: VerificationFailure.self) {
      try verification.report().check()
    }
    #expect(failure.findings.count == 4)
    let lines = failure.description.split(separator: "\n")
    #expect(lines.count == 5 && lines[0] == "4 damages:")
    #expect(lines[4].contains("progress.safetensors: damaged: "))
  }

  @Test("a damaged run.json is found, and every checkpoint by its own digests")
  func manifest() throws {
    let (fixture, verification) = try finished()
    try ExecutorStartTests.Damage.flippedBit.apply(to: "runs/tiny/run.json", in: fixture.folder)
    #expect(try verification.report().findings.map(\.file) == [fixture.run.manifest])
    #expect(try verification.report().checkpoints == 5)
    let name = try fixture.checkpoints().keys.sorted()[2]
    try ExecutorStartTests.Damage.flippedBit.apply(to: "runs/tiny/" + name, in: fixture.folder)
    #expect(
      try verification.report().findings.map(\.file) == [
        fixture.run.manifest, fixture.run.file(name),
      ])
  }

  @Test("a run.json that is gone, or a link to nothing, is damage where there are checkpoints")
  func lostManifest() throws {
    let (fixture, verification) = try finished()
    let locator = RunLocator(checkpoints: fixture.run.checkpoints)
    #expect(locator.runWithoutManifest("tiny") == nil)
    try DurableFile.remove(fixture.run.manifest)
    for isLink in [false, true] {
      if isLink { try DurableFile.link(fixture.run.manifest, to: "run.json") }
      let report = try verification.report()
      #expect(report.findings.map(\.file) == [fixture.run.manifest] && report.checkpoints == 5)
      #expect(
        report.findings.map(\.reason) == [isLink ? "it is a link to nothing" : "the file is gone"])
      #expect(locator.runWithoutManifest("tiny") == fixture.run)
    }
    // Without checkpoints there is no run.
    for name in try fixture.checkpoints().keys {
      try DurableFile.remove(fixture.run.file(name))
    }
    #expect(locator.runWithoutManifest("tiny") == nil)
    try DurableFile.remove(fixture.run.manifest)
    let failure = try #require(throws: RunFailure.self) { try verification.report() }
    #expect(failure.exitCode == 66)
  }

  @Test("sound progress is read, damaged progress is found")
  func progress() throws {
    let fixture = try RunFixture()
    try fixture.interrupt(in: "train")
    let verification = RunVerification(folder: fixture.run, surroundings: .still)
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().bytes > 0)
    var bytes = try fixture.folder.read("runs/tiny/progress.safetensors")
    bytes[bytes.count - 1] ^= 1
    try fixture.folder.write(bytes, to: "runs/tiny/progress.safetensors")
    let finding = try #require(try verification.report().findings.first)
    #expect(finding.file == fixture.run.progress && finding.stage == "train")
    try DurableFile.remove(fixture.run.progress)
    try FilePaths.makeFolders(fixture.run.progress)
    #expect(try verification.report().findings.map(\.reason) == ["it is no regular file"])
  }

  @Test(
    "the result has to lead to a listed checkpoint; one that is not yet there is no damage")
  func result() throws {
    let (fixture, verification) = try finished()
    let target = try #require(FilePaths.linkTarget(fixture.run.result))
    try DurableFile.remove(fixture.run.result)
    #expect(try verification.report().findings.isEmpty)
    #expect(try verification.report().notes.count == 1)
    try DurableFile.link(fixture.run.result, to: "elsewhere")
    #expect(try verification.report().findings.map(\.file) == [fixture.run.result])
    try fixture.folder.write("old", to: "runs/tiny/elsewhere.replaced")
    #expect(try verification.report().findings.isEmpty)
    try DurableFile.remove(fixture.run.result)
    try fixture.folder.write("a copy", to: "runs/tiny/result.safetensors")
    #expect(try verification.report().findings.count == 1)
    try DurableFile.link(fixture.run.result, to: target)
    #expect(try verification.report().findings.isEmpty)
  }

  @Test("what a process at work renames before it says so is no damage")
  func atWork() throws {
    let (fixture, verification) = try finished()
    let path = fixture.folder.file(try fixture.checkpoint("alternate/02/finetune"))
    let before = try FilePaths.read(fixture.run.manifest)
    try fixture.changeManifest { $0.stages.removeLast() }
    let after = try FilePaths.read(fixture.run.manifest)
    try DurableFile.write(before, to: fixture.run.manifest)
    try DurableFile.move(path, to: path + ".replaced")
    #expect(try verification.report().findings.map(\.file) == [path])
    let lock = try FileLock(path: fixture.run.lock, startedAt: "now")
    defer { withExtendedLifetime(lock) {} }
    Thread.detachNewThread { [manifest = fixture.run.manifest] in
      usleep(200_000)
      try? DurableFile.write(after, to: manifest)
    }
    #expect(try verification.report().findings.isEmpty)
  }

  @Test("where the manifest changes in every look, damaged is what every look finds so")
  func neverSettled() throws {
    let (fixture, verification) = try finished()
    var looks = 0
    let report = try verification.settled(
      {
        looks += 1
        try fixture.folder.write("\(looks)", to: "runs/tiny/run.journal")
        var report = VerificationReport(name: "tiny")
        report.findings = ["always", "in look \(looks)"].map {
          VerificationFinding(file: "file", stage: nil, reason: $0, remedy: "none")
        }
        return report
      }, findings: \.findings)
    #expect(report.findings.map(\.reason) == ["always"] && looks == 5)
  }

  @Test("killed between checkpoint and manifest: a note, no damage")
  func unlisted() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let older = try fixture.folder.read("runs/tiny/run.json")
    try fixture.run { $0.until = "alternate/01/prune" }
    let name = FilePaths.name(of: try fixture.checkpoint("alternate/01/prune"))
    try DurableFile.link(
      fixture.run.result, to: FilePaths.name(of: fixture.checkpoint("train")))
    try fixture.folder.write(older, to: "runs/tiny/run.json")
    let report = try RunVerification(folder: fixture.run, surroundings: .still).report()
    #expect(report.findings.isEmpty)
    #expect(report.notes.count == 1 && report.notes[0].contains("\(name): run.json does not list"))
  }

  @Test("JSON: format, findings, notes")
  func json() throws {
    let (fixture, verification) = try finished()
    try ExecutorStartTests.Damage.gone.apply(to: fixture.checkpoint("train"), in: fixture.folder)
    let json = try verification.report().json
    #expect(
      json.objectValue?.names == [
        "bytes", "checkpoints", "deep", "findings", "format", "measured", "name", "notes", "sound",
      ])
    #expect(json["format"] == 1 && json["sound"] == false && json["deep"] == false)
    #expect(json["findings"]?[0]?.objectValue?.names == ["file", "reason", "remedy", "stage"])
    #expect(json["findings"]?[0]?["reason"] == "the file is gone")
  }
}
