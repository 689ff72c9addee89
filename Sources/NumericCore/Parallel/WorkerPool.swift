import CKernels
import COpenBLAS
import Glibc
import Synchronization

/// Threads that share out the tasks of one parallel loop at a time.
///
/// The caller divides work by shape alone; which thread takes which task is left open, so tasks write
/// to disjoint places and partial sums are added by the caller in task order. That makes results
/// independent of `threadCount`. Waiting threads spin briefly, then park: a pure spin barrier
/// collapses when the machine is busy.
///
/// A class, because it owns threads. One thread at a time may call `run`.
package final class WorkerPool: @unchecked Sendable {
  /// Threads that take part in a loop, the caller included; at least 1.
  package let threadCount: Int

  // One word holds which loop it is, the next task and the number of tasks, so that a late thread can
  // never take a task of a loop that it did not see begin.
  private let claim = Atomic<UInt64>(0)
  private let completed = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  private let signals: ParkingLot
  private var body: ((_ task: Int, _ worker: Int) -> Void)?
  private var threads: [pthread_t] = []

  private static let largestLoop = 1 << 19
  private static let spins = 4_000

  /// Starts `threadCount - 1` threads and keeps OpenBLAS to one thread of its own.
  package init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool has at least one thread")
    self.threadCount = threadCount
    signals = ParkingLot()
    openblas_set_num_threads(1)
    for worker in 1..<max(threadCount, 1) {
      let start = WorkerStart(pool: Unmanaged.passUnretained(self), worker: worker)
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          let start = Unmanaged<WorkerStart>.fromOpaque(argument!).takeRetainedValue()
          start.pool._withUnsafeGuaranteedRef { $0.serve(worker: start.worker) }
          return nil
        }, Unmanaged.passRetained(start).toOpaque())
      precondition(status == 0, "the system refused a thread (pthread_create: \(status))")
      threads.append(thread)
    }
  }

  deinit {
    stopping.store(true, ordering: .sequentiallyConsistent)
    signals.wakeWorkers()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Calls `body(task, worker)` once for every task in 0..<tasks, on any thread, and returns when all
  /// have ended. `worker` is in 0..<threadCount and serves to pick a scratch space, never a result.
  package func run(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    // The caller's own mode comes back afterwards: what it reads or prints must not lose subnormals.
    let mode = eck_enter_floating_point_mode()
    defer { eck_leave_floating_point_mode(mode) }
    if tasks <= 1 || threadCount == 1 {
      for task in 0..<max(tasks, 0) { body(task, 0) }
      return
    }
    precondition(tasks <= WorkerPool.largestLoop, "a loop has at most 2^19 tasks")
    withoutActuallyEscaping(body) { body in
      self.body = body
      completed.store(0, ordering: .relaxed)
      let loop = (claim.load(ordering: .relaxed) >> 40) &+ 1
      claim.store((loop << 40) | UInt64(tasks), ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { signals.wakeWorkers() }
      while takeTask(worker: 0) {}
      awaitCompletion(of: tasks)
      self.body = nil
    }
  }

  /// Takes and runs one task of the present loop; false when none is left.
  private func takeTask(worker: Int) -> Bool {
    var word = claim.load(ordering: .acquiring)
    while true {
      let next = Int((word >> 20) & 0xf_ffff)
      let tasks = Int(word & 0xf_ffff)
      if next >= tasks { return false }
      let (exchanged, original) = claim.compareExchange(
        expected: word, desired: word + (1 << 20), ordering: .acquiringAndReleasing)
      if exchanged {
        perform(next, worker: worker)
        let ended = completed.add(1, ordering: .sequentiallyConsistent).newValue
        if ended == tasks, callerSleeps.load(ordering: .sequentiallyConsistent) {
          signals.wakeCaller()
        }
        return true
      }
      word = original
    }
  }

  /// A function of its own, so that this thread holds no reference to the closure once the task is
  /// counted as completed: the caller may end the closure's life right then.
  @inline(never)
  private func perform(_ task: Int, worker: Int) { body!(task, worker) }

  private func awaitCompletion(of tasks: Int) {
    for _ in 0..<WorkerPool.spins {
      if completed.load(ordering: .acquiring) == tasks { return }
      eck_pause()
    }
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    signals.parkCaller { completed.load(ordering: .sequentiallyConsistent) == tasks }
    callerSleeps.store(false, ordering: .relaxed)
  }

  private func serve(worker: Int) {
    _ = eck_enter_floating_point_mode()
    while !stopping.load(ordering: .relaxed) {
      if takeTask(worker: worker) { continue }
      var found = false
      for _ in 0..<WorkerPool.spins where !found {
        found = hasTask
        eck_pause()
      }
      if found { continue }
      sleepers.add(1, ordering: .sequentiallyConsistent)
      signals.parkWorker {
        hasTask || stopping.load(ordering: .sequentiallyConsistent)
      }
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  private var hasTask: Bool {
    let word = claim.load(ordering: .sequentiallyConsistent)
    return (word >> 20) & 0xf_ffff < word & 0xf_ffff
  }
}

/// What a new thread needs to know. It does not retain the pool, whose deinit joins the thread.
private final class WorkerStart: @unchecked Sendable {
  let pool: Unmanaged<WorkerPool>
  let worker: Int

  init(pool: Unmanaged<WorkerPool>, worker: Int) {
    self.pool = pool
    self.worker = worker
  }
}
