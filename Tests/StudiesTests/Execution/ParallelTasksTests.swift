import Studies
import Synchronization
import Testing

@Suite("Parallel tasks")
struct ParallelTasksTests {
  private struct Failure: Error {}

  @Test("are each done once, whatever the threads", arguments: [1, 2, 7])
  func once(threads: Int) throws {
    let counts = Mutex([Int](repeating: 0, count: 40))
    try ParallelTasks(threads: threads).run(40) { task, pool, _ in
      #expect(pool.threadCount == 1)
      counts.withLock { $0[task] += 1 }
    }
    #expect(counts.withLock { $0 } == [Int](repeating: 1, count: 40))
    try ParallelTasks(threads: threads).run(0) { _, _, _ in Issue.record("there is no task") }
  }

  @Test("stop when one fails", arguments: [1, 3])
  func failing(threads: Int) {
    let done = Atomic(0)
    #expect(throws: Failure.self) {
      try ParallelTasks(threads: threads).run(1_000) { task, _, _ in
        if task == 5 { throw Failure() }
        done.add(1, ordering: .relaxed)
      }
    }
    #expect(done.load(ordering: .relaxed) < 1_000)
  }
}
