import Foundation
import Nightly
import Runs
import Storage
import Testing

@Suite("What a verification of a job looks at") struct JobVerificationTests {
  private func job() throws -> (NightFixture, String) {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {guard: {min_rows: 1}, promote: {min_rows: 10, not_worse_by: 0.2}, "
        + "exports: {npz: net.npz, c: net.c}}\n")
    let night = try fixture.night { $0.isForced = true }.night
    #expect(try fixture.verification().findings.isEmpty)
    return (fixture, night)
  }

  @Test("each file that only jobs have", arguments: ["night.json", "exports.json"])
  func notes(file: String) throws {
    let (fixture, night) = try job()
    let path = fixture.job.night(night).file(file)
    let text = String(decoding: try FilePaths.read(path), as: UTF8.self)
    try DurableFile.write(Array(text.replacing("sha256", with: "sha255").utf8), to: path)
    #expect(try fixture.verification().findings.map(\.file) == [path])
  }

  @Test(
    "each file that records say there should be and is gone",
    arguments: ["night.json", "exports.json", "run.json"])
  func gone(file: String) throws {
    let (fixture, night) = try job()
    let path = fixture.job.night(night).file(file)
    try DurableFile.remove(path)
    let findings = try fixture.verification().findings
    #expect(findings.map(\.file) == [path])
    #expect(findings.first?.reason == "the file is gone")
  }

  @Test("the file that marks the job, with a letter that is another one")
  func mark() throws {
    let (fixture, _) = try job()
    let text = String(decoding: try FilePaths.read(fixture.job.note), as: UTF8.self)
    try DurableFile.write(Array(text.replacing("name", with: "nbme").utf8), to: fixture.job.note)
    #expect(try fixture.verification().findings.map(\.file) == [fixture.job.note])
  }

  @Test("what a night at work is about to put in its place is no damage")
  func atWork() throws {
    let (fixture, night) = try job()
    let path = fixture.job.night(night).file("witness.json")
    let aside = fixture.job.file("witness.json")
    try DurableFile.move(path, to: aside)
    // Nobody is at work.
    #expect(try !fixture.verification().findings.isEmpty)
    let lock = try FileLock(path: fixture.job.lock, startedAt: "now")
    defer { withExtendedLifetime(lock) {} }
    // It stays away as long as anybody looks.
    #expect(try !fixture.verification().findings.isEmpty)
    Thread.detachNewThread {
      usleep(30_000)
      try? DurableFile.move(aside, to: path)
    }
    #expect(try fixture.verification().findings.isEmpty)
  }

  @Test("what an earlier night was judged by, which going back to it needs")
  func witness() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(2)
    let path = fixture.job.night(nights[0]).file("witness.json")
    try DurableFile.remove(path)
    #expect(try fixture.verification().findings.map(\.file) == [path])
  }

  @Test("the hashes of rows", arguments: [0, 40])
  func rows(kept: Int) throws {
    let (fixture, _) = try job()
    let path = fixture.job.rows
    try DurableFile.write(Array(FilePaths.read(path).prefix(kept)), to: path)
    #expect(try fixture.verification().findings.map(\.file) == [path])
  }

  @Test("every file of exports, and whether it is there")
  func exports() throws {
    let (fixture, night) = try job()
    let folder = fixture.job.night(night).file("exports/")
    #expect(FilePaths.entries(of: folder) == ["net.c", "net.h", "net.npz"])
    try DurableFile.write(Array("int main;".utf8), to: folder + "net.h")
    try DurableFile.remove(folder + "net.npz")
    #expect(
      try fixture.verification().findings.map(\.file) == [folder + "net.h", folder + "net.npz"])
  }

  @Test("a file that each night writes anew is the last night's, and no damage of the others")
  func rewritten() throws {
    let fixture = try NightFixture(
      NightFixture.head + "  - export: {npz: out.npz}\n" + NightFixture.lenient)
    _ = try fixture.promoted(3)
    #expect(try fixture.verification().findings.isEmpty)
    try fixture.folder.write("x", to: "out.npz")
    let findings = try fixture.verification().findings
    #expect(findings.count == 1 && findings[0].file.hasSuffix("/out.npz"))
    #expect(findings[0].remedy.hasPrefix("the next night writes its own; "))
  }

  @Test("what a killed promotion has left of the exports of a night that never served is a note")
  func unfinishedExports() throws {
    let (fixture, champion) = try job()
    let night = try fixture.night().night
    #expect(night != champion && fixture.job.linkedNight == champion)
    let exports = fixture.job.night(night).exports
    try FilePaths.makeFolders(exports)
    try DurableFile.write([1], to: exports + "/net.h.partial")
    let report = try fixture.verification()
    #expect(report.findings.isEmpty)
    #expect(
      report.notes.count { $0.hasPrefix("\(exports): a promotion did not come to its end; ") } == 1)
  }

  @Test("what stands in a checkpoint's place and is no file is damage, beside what else there is")
  func noFile() throws {
    let (fixture, night) = try job()
    let run = fixture.job.night(night)
    let path = FilePaths.folder(of: run.result) + "/" + (FilePaths.linkTarget(run.result) ?? "")
    try DurableFile.remove(path)
    try FilePaths.makeFolders(path)
    #expect(
      try RunVerification(folder: run, surroundings: .still).report().findings.map(\.file).contains(
        path))
  }
}
