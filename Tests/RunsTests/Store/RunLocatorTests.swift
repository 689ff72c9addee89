import Glibc
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("RunLocator") struct RunLocatorTests {
  private let folder: TemporaryFolder
  private var locator: RunLocator { RunLocator(checkpoints: folder.file("runs")) }

  init() throws { folder = try TemporaryFolder() }

  private func make(_ name: String, modified: Int) throws {
    try FilePaths.makeFolders(folder.file("runs/\(name)"))
    try folder.write("{}", to: "runs/\(name)/run.json")
    let times = [timespec(tv_sec: modified, tv_nsec: 0), timespec(tv_sec: modified, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, folder.file("runs/\(name)/run.json"), times, 0) == 0)
  }

  @Test("a run by name, by folder, or the latest")
  func runs() throws {
    try make("a", modified: 10)
    try make("b", modified: 30)
    try make("c", modified: 20)
    try FilePaths.makeFolders(folder.file("runs/empty"))
    let a = RunFolder(checkpoints: folder.file("runs"), name: "a")
    #expect(try locator.run("a") == a)
    #expect(try locator.run(folder.file("runs/a")) == a)
    #expect(try locator.run(folder.file("runs/a/")) == a)
    #expect(try locator.run(nil).name == "b")
    #expect(
      throws: RunFailure.missing(
        path: "empty",
        what: "name a run under \(folder.file("runs")) (there is a, b, c), or the folder of one")
    ) { try locator.run("empty") }
  }

  @Test("of a name that there is not the nearest is told: of a run, a night, or a model's file")
  func nearest() throws {
    try make("people", modified: 10)
    try DurableFile.link(folder.file("runs/people/result.safetensors"), to: "run.json")
    func what(_ body: () throws -> Void) -> String? {
      do {
        try body()
        return nil
      } catch RunFailure.missing(_, let what) {
        return what
      } catch {
        return "\(error)"
      }
    }
    #expect(
      what { _ = try locator.run("pepole") }?.hasPrefix("did you mean people? Name a run ") == true)
    #expect(
      what { _ = try locator.checkpoint("pepole") }?.hasPrefix("did you mean people? Name a run ")
        == true)
    try folder.write("x", to: "wine.onnx")
    #expect(
      what { _ = try locator.checkpoint(folder.file("wnie.onnx")) }?
        .hasPrefix("did you mean \(folder.file("wine.onnx"))? ") == true)
  }

  @Test("a run, a night and a study are no nightly job, which is said of each")
  func noJob() throws {
    try make("wine", modified: 10)
    try make("nightly/2026-11-23T0230", modified: 10)
    try folder.write("{}", to: "runs/nightly/\(FolderKind.nightly.mark)")
    try FilePaths.makeFolders(folder.file("runs/ways"))
    try folder.write("{}", to: "runs/ways/\(FolderKind.study.mark)")
    func text(_ name: String) -> String { locator.otherThanJob(name).map { "\($0)" } ?? "" }
    #expect(text("wine").contains(": this is a run and no nightly job, "))
    #expect(text(folder.file("runs/wine")).contains(": this is a run and no nightly job, "))
    #expect(
      text("nightly/2026-11-23T0230").hasSuffix(
        ": this is one night of the job nightly; name the job: \(folder.file("runs/nightly"))"))
    #expect(text("ways").contains(": this is a study and no nightly job; "))
    #expect(locator.otherThanJob("nothing") == nil && locator.job("nightly") != nil)
  }

  @Test("a file in the place of the folder of all runs, or of one on the way to it, is told")
  func obstacle() throws {
    func text(_ path: String) -> String? {
      RunLocator(checkpoints: folder.file(path)).obstacle.map { "\($0)" }
    }
    try folder.write("x", to: "file")
    let end = "is a file, and runs lie in a folder; name that, or one that is to be made"
    #expect(text("file") == "\(folder.file("file")): this \(end)")
    #expect(
      text("file/a/b")
        == "\(folder.file("file/a/b")): \(folder.file("file")), on the way there, \(end)")
    #expect(text("none/a") == nil)
    try FilePaths.makeFolders(folder.file("runs"))
    #expect(text("runs") == nil && text("runs/a") == nil)
  }

  @Test("without any run")
  func none() throws {
    #expect(
      throws: RunFailure.missing(
        path: folder.file("runs"),
        what: "there is no run here yet; start one with ecpipe run SCHEDULE")
    ) { try locator.run(nil) }
    #expect(throws: RunFailure.self) { try locator.run("a") }
  }

  @Test(
    "of a run whose run.json is lost it is said what writes it again, by its name and by its folder"
  )
  func lostManifest() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let locator = RunLocator(checkpoints: fixture.run.checkpoints)
    try DurableFile.remove(fixture.run.manifest)
    for name in ["tiny", fixture.run.path] {
      let failure = try #require(throws: RunFailure.self) { try locator.run(name) }
      guard case .missing(let path, let what) = failure else {
        Issue.record("\(failure)")
        return
      }
      #expect(path == fixture.run.manifest)
      #expect(
        what.hasPrefix(
          "the rest of the run is there; ecpipe run with its schedule (a copy is \(fixture.run.schedule)) "
        ))
    }
    // Its result is there.
    #expect(try locator.checkpoint("tiny") == fixture.run.result)
  }

  @Test("of a run whose result leads nowhere, or is gone, it is said what puts it right")
  func lostResult() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let locator = RunLocator(checkpoints: fixture.run.checkpoints)
    let train = fixture.folder.file(try fixture.checkpoint("train"))
    #expect(try fixture.run.lackOfResult(fixture.manifest) == nil)
    for target in ["nothing", nil] {
      try DurableFile.remove(fixture.run.result)
      if let target { try DurableFile.link(fixture.run.result, to: target) }
      let what =
        target == nil
        ? "the link to the last model is not there" : "the link leads to nothing, which is gone"
      #expect(
        throws: RunFailure.missing(
          path: fixture.run.result,
          what:
            "\(what); ecpipe resume \(fixture.run.path) puts it right, or name a checkpoint, such as "
            + train)
      ) { try locator.checkpoint("tiny") }
    }
    try fixture.run { $0.until = "train" }
    #expect(FilePaths.exists(fixture.run.result))
    #expect(try fixture.run.lackOfResult(fixture.manifest) == nil)
  }

  @Test("of a run without a result whose run.json is damaged it is said that it is")
  func damagedManifest() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let locator = RunLocator(checkpoints: fixture.run.checkpoints)
    try DurableFile.remove(fixture.run.result)
    try ExecutorStartTests.Damage.flippedBit.apply(to: "runs/tiny/run.json", in: fixture.folder)
    let failure = try #require(throws: RunFailure.self) { try locator.checkpoint("tiny") }
    guard case .damaged(let file, _) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(file == fixture.run.manifest)
  }

  @Test("a checkpoint by its file, or the result of a run")
  func checkpoints() throws {
    try make("a", modified: 10)
    try folder.write("x", to: "runs/a/01-train-00000000.safetensors")
    let file = folder.file("runs/a/01-train-00000000.safetensors")
    #expect(try locator.checkpoint(file) == file)
    #expect(throws: RunFailure.self) { try locator.checkpoint("a") }
    try DurableFile.link(folder.file("runs/a/result.safetensors"), to: FilePaths.name(of: file))
    let result = folder.file("runs/a/result.safetensors")
    #expect(try locator.checkpoint("a") == result)
    #expect(try locator.checkpoint(folder.file("runs/a")) == result)
    #expect(throws: RunFailure.self) { try locator.checkpoint("b") }
  }
}
