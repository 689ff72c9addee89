import NumericCore
import Synchronization
import Testing

@Suite("BackgroundTasks") struct BackgroundTasksTests {
  /// A class, because the tasks share it.
  private final class Counts: Sendable {
    let values: Mutex<[Int]>
    init(_ count: Int) { values = Mutex(Array(repeating: 0, count: count)) }
  }

  @Test(
    "every task is done once, on any number of threads, none included", arguments: [0, 1, 3, 50])
  func once(threads: Int) {
    let counts = Counts(40)
    let tasks = BackgroundTasks(count: 40, threads: threads) { task in
      counts.values.withLock { $0[task] += 1 }
    }
    tasks.finish()
    #expect(tasks.isDone)
    #expect(counts.values.withLock { $0 } == Array(repeating: 1, count: 40))
    // Again, and without anything to do.
    tasks.finish()
    #expect(BackgroundTasks(count: 0, threads: threads) { _ in }.isDone)
  }
}
