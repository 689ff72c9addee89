import NumericCore
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("RunSession: a lock file that is lost") struct RunSessionLockTests {
  @Test(
    "of two runs whose lock file was removed in between, the first finds out and writes no more")
  func removedLock() throws {
    let fixture = try RunFixture()
    var second: [String: TemporaryFolder.State] = [:]
    var isFirst = true
    let failure = try #require(throws: LockLost.self) {
      try fixture.session().run(
        pool: WorkerPool(threadCount: 1),
        events: { event in
          guard isFirst, case .stageFinished = event else { return }
          isFirst = false
          do {
            try DurableFile.remove(fixture.run.lock)
            try fixture.run()
            second = try fixture.states()
          } catch {
            Issue.record("\(error)")
          }
        }, isInterrupted: { false })
    }
    #expect(failure == LockLost(path: fixture.run.lock))
    #expect(try fixture.run().computed == 0)
    let events = fixture.folder.file("runs/tiny/events.jsonl")
    for (name, state) in try fixture.states() where fixture.folder.file("runs/" + name) != events {
      if !name.hasSuffix(".lock") { #expect(second[name] == state, "\(name)") }
    }
  }
}
