import Dispatch
import NumericCore
import Synchronization

/// Tasks that several threads take one after the other, each thread with a pool of its own.
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
    let next = Atomic(0)
    let stop = StopSign()
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: min(threads, tasks)) { _ in
      let pool = WorkerPool(threadCount: 1)
      while !stop.isUp {
        let task = next.add(1, ordering: .relaxed).oldValue
        guard task < tasks else { return }
        do {
          try body(task, pool, stop)
        } catch {
          failure.withLock { if $0 == nil { $0 = error } }
          stop.raise()
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }
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
