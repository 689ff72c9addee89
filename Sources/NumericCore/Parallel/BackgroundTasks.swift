import Glibc
import Synchronization

/// Tasks that threads of their own take one after the other, while whoever started them goes on; what
/// the system refuses threads for, it does itself in the end. (Dispatch ends the process where a thread
/// or a descriptor is refused.)
///
/// A class, because threads share it.
package final class BackgroundTasks: Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Void
  private let next = Atomic(0)
  private let unfinished: Atomic<Int>
  private let threads: Mutex<[pthread_t]>

  /// Starts `body(task)` for every task in 0..<count, on at most `threads` threads.
  package init(count: Int, threads: Int, _ body: @escaping @Sendable (_ task: Int) -> Void) {
    self.count = count
    self.body = body
    unfinished = Atomic(count)
    self.threads = Mutex([])
    var started: [pthread_t] = []
    while started.count < min(threads, count) {
      let argument = Unmanaged.passRetained(self)
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<BackgroundTasks>.fromOpaque(argument!).takeRetainedValue().takeTasks()
          return nil
        }, argument.toOpaque())
      if status != 0 {
        argument.release()
        break
      }
      started.append(thread)
    }
    self.threads.withLock { [started] in $0 = started }
  }

  deinit {
    // Nobody waits for them any more; this may be one of them.
    for thread in threads.withLock({ $0 }) { pthread_detach(thread) }
  }

  /// Whether all tasks are done.
  package var isDone: Bool { unfinished.load(ordering: .acquiring) == 0 }

  /// Takes part in what is left, and returns when all is done and no thread is left.
  package func finish() {
    takeTasks()
    let started = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    for thread in started { pthread_join(thread, nil) }
  }

  private func takeTasks() {
    while true {
      let task = next.add(1, ordering: .relaxed).oldValue
      if task >= count { return }
      body(task)
      unfinished.subtract(1, ordering: .acquiringAndReleasing)
    }
  }
}
