import NumericCore
import Synchronization

/// Tasks that several threads take one after the other, each with a pool of its own.
package struct ParallelTasks: Sendable {
  /// Threads, at least 1; the system may give fewer.
  package let threads: Int

  package init(threads: Int) {
    precondition(threads >= 1, "at least one thread")
    self.threads = threads
  }

  /// Calls `body` once for each of `tasks` tasks, in order of their beginning, until one of them throws.
  ///
  /// - Parameter body: gets the task's number, a pool of one thread, and whether it should stop because
  ///   another task has failed.
  /// - Throws: what the first task that failed has thrown.
  package func run(
    _ tasks: Int,
    _ body: @Sendable (_ task: Int, _ pool: WorkerPool, _ shouldStop: StopSign) throws -> Void
  ) throws {
    let stop = StopSign()
    let failure = FirstFailure()
    withoutActuallyEscaping(body) { body in
      BackgroundTasks(count: tasks, threads: min(threads, tasks) - 1) { task in
        if stop.isUp { return }
        do {
          try body(task, WorkerPool(threadCount: 1), stop)
        } catch {
          failure.error.withLock { if $0 == nil { $0 = error } }
          stop.raise()
        }
      }.finish()
    }
    if let error = failure.error.withLock({ $0 }) { throw error }
  }
}

/// What the first task that failed has thrown.
private final class FirstFailure: Sendable {
  // A class, because all threads look at the same one.
  let error = Mutex<(any Error)?>(nil)
}

/// Whether tasks should stop because one of them has failed.
///
/// A class, because all threads look at the same one.
package final class StopSign: Sendable {
  private let raised = Atomic(false)

  /// A sign that is down.
  package init() {}

  /// Whether it was raised.
  package var isUp: Bool { raised.load(ordering: .relaxed) }

  /// Stops the tasks.
  package func raise() { raised.store(true, ordering: .relaxed) }
}
