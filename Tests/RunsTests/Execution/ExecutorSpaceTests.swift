import RunFixtures
import Runs
import TestSupport
import Testing

@Suite("Free space before a stage") struct ExecutorSpaceTests {
  @Test("too little: the stage is not begun, nothing is touched, and the same command goes on")
  func refused() throws {
    let whole = try RunFixture()
    try whole.run()
    let fixture = try RunFixture()
    try fixture.run { $0.until = "alternate/01/prune" }
    func settled() throws -> [String: TemporaryFolder.State] {
      try fixture.states().filter { $0.key != "tiny.lock" && !$0.key.hasSuffix("events.jsonl") }
    }
    let before = try settled()
    let failure = try #require(throws: RunFailure.self) {
      try fixture.run { $0.surroundings.freeSpace = { _ in 1000 } }
    }
    guard case .noSpace(let folder, let stage, let needed, let free) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(folder == fixture.run.path && stage == "alternate/01/finetune" && free == 1000)
    #expect(needed.bytes > 1000 && failure.exitCode == 1)
    #expect(try settled() == before)
    #expect(fixture.computed.isEmpty)
    // Just enough is enough.
    try fixture.run {
      $0.surroundings.freeSpace = { _ in needed.bytes }
      $0.until = "alternate/01/finetune"
    }
    try fixture.run()
    #expect(try fixture.differences(from: whole.checkpoints()) == [])
  }

  @Test("an evaluation needs room for the manifest alone")
  func evaluation() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "train" }
    let failure = try #require(throws: RunFailure.self) {
      try fixture.run { $0.surroundings.freeSpace = { _ in 0 } }
    }
    guard case .noSpace(_, "evaluate", let needed, 0) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(needed.checkpoint == 0 && needed.progress == 0 && needed.bytes < 60_000)
  }

  @Test("where the system does not say what is free, the run goes on")
  func unknown() throws {
    let fixture = try RunFixture()
    #expect(try fixture.run { $0.surroundings.freeSpace = { _ in nil } }.computed == 6)
  }

  @Test("a run that has nothing to do needs no space")
  func nothingToDo() throws {
    let fixture = try RunFixture()
    try fixture.run()
    #expect(try fixture.run { $0.surroundings.freeSpace = { _ in 0 } }.computed == 0)
  }
}
