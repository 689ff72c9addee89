import NumericCore
import Reports
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("Writing a report while a run goes on") struct RunReportWriterTests {
  /// Runs `fixture` with a writer; `told` takes what it warns of.
  private func run(
    _ fixture: RunFixture, freeSpace: Int? = nil, overrides: [String] = [],
    told: @escaping (String) -> Void = { _ in },
    event: @escaping (PipelineEvent) -> Void = { _ in }
  ) throws {
    let session = try fixture.session { $0.overrides = overrides }
    let preview = try session.feasiblePreview()
    var surroundings = Surroundings.still
    surroundings.freeSpace = { _ in freeSpace }
    let writer = RunReportWriter(
      session.folder, plan: preview.plan, image: nil, surroundings: surroundings, warn: told)
    _ = try session.run(
      preview, pool: WorkerPool(threadCount: 1),
      events: {
        writer.receive($0)
        event($0)
      }, isInterrupted: { false })
    writer.finish()
  }

  private static let names = ["report.csv", "report.html", "report.json"]

  private func names(_ fixture: RunFixture) -> [String] {
    FilePaths.entries(of: fixture.run.path).filter { $0.hasPrefix("report") }
  }

  @Test("has a page from the beginning, which comes anew until the end")
  func pages() throws {
    let fixture = try RunFixture()
    var first: String?
    try run(
      fixture,
      event: { _ in
        if first == nil { first = try? fixture.folder.text("runs/tiny/report.html") }
      })
    #expect(first?.contains("location.reload") == true)
    #expect(names(fixture) == Self.names)
    let last = try fixture.folder.text("runs/tiny/report.html")
    #expect(!last.contains("location.reload") && last.contains("19 of 95 weights are left"))
  }

  @Test("changes no bit, no key and no other file of the run")
  func same() throws {
    let (plain, written) = (try RunFixture(), try RunFixture())
    try plain.run()
    try run(written)
    #expect(try written.differences(from: plain.checkpoints()).isEmpty)
    #expect(
      Set(FilePaths.entries(of: written.run.path)).subtracting(Self.names)
        == Set(FilePaths.entries(of: plain.run.path)).subtracting(["events.jsonl"]))
  }

  @Test("leaves a run alone that has nothing to do, unless its page is one of a run that goes on")
  func nothing() throws {
    let fixture = try RunFixture()
    try run(fixture)
    let page = try fixture.folder.text("runs/tiny/report.html")
    try fixture.folder.write(page + "as it is", to: "runs/tiny/report.html")
    try run(fixture)
    #expect(try fixture.folder.text("runs/tiny/report.html").hasSuffix("as it is"))
    try fixture.folder.write(page + "location.reload()", to: "runs/tiny/report.html")
    try run(fixture)
    let last = try fixture.folder.text("runs/tiny/report.html")
    #expect(!last.contains("location.reload") && last.contains("19 of 95 weights are left"))
  }

  @Test("follows the result where settings come back for which nothing is computed")
  func comesBack() throws {
    let fixture = try RunFixture()
    let written = { try fixture.folder.text("runs/tiny/report.json") }
    func stages() throws -> JSONValue? {
      try JSONValue(parsing: Array(written().utf8))["tables"]?["loss-by-sparsity"]
    }
    try run(fixture)
    let first = try stages()
    #expect(first != nil)
    try run(fixture, overrides: ["seed=8"])
    #expect(try stages() != first)
    try run(fixture)
    #expect(try stages() == first)
  }

  @Test("warns once where it cannot be written, and the run goes on")
  func fails() throws {
    let fixture = try RunFixture()
    for partial in DurableFile.partialPaths(of: fixture.run.path + "/report.html") {
      try FilePaths.makeFolders(partial)
    }
    var warnings: [String] = []
    try run(fixture, told: { warnings.append($0) })
    #expect(warnings.count == 1 && warnings[0].contains("its report cannot be written"))
    #expect(try fixture.manifest.stages.count == 6)
  }

  @Test("does not take the last room on a disk")
  func fullDisk() throws {
    let fixture = try RunFixture()
    var warnings: [String] = []
    try run(fixture, freeSpace: 8_000_000, told: { warnings.append($0) })
    #expect(warnings.count == 1 && warnings[0].contains("nearly full"))
    #expect(names(fixture).isEmpty)
  }

  @Test("writes nothing where another process has the run")
  func locked() throws {
    let fixture = try RunFixture()
    try FilePaths.makeFolders(fixture.run.checkpoints)
    let lock = try FileLock(path: fixture.run.lock, startedAt: "now")
    let session = try fixture.session()
    let writer = RunReportWriter(
      session.folder, plan: try session.preview().plan, image: nil, surroundings: .still,
      warn: { _ in })
    #expect(throws: LockHeld.self) {
      try session.run(
        pool: WorkerPool(threadCount: 1), events: writer.receive, isInterrupted: { false })
    }
    writer.finish()
    #expect(!FilePaths.exists(fixture.run.path))
    withExtendedLifetime(lock) {}
  }
}
