import CKernels
import Glibc
import Synchronization

/// The parallel loop that is under way, as all threads of a pool see it.
///
/// The caller and every second thread take tasks from the front, the others from the back, so that in
/// a run of like loops the same data stay in the same core's cache. Waiting threads spin briefly,
/// then give way, then sleep: a pure spin barrier collapses when the machine is busy.
///
/// A class, because threads share it. `@unchecked Sendable`: `body` is written before `claim`
/// announces a loop, and read only by threads that took a task of it.
final class SharedLoop: @unchecked Sendable {
  // One word holds which loop it is (24 bits) and the tasks that are left, first..<end (20 bits each),
  // so that a late thread can never take a task of a loop that it did not see begin.
  private let claim = Atomic<UInt64>(0)
  private let unfinished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)
  private let stopping = Atomic<Bool>(false)
  private let signals = ParkingLot()
  /// Held while a loop is under way: a second thread's loop waits for it.
  private let turn = Mutex(())
  private var body: ((_ task: Int, _ worker: Int) -> Void)?

  private static let largestLoop = 1 << 19
  /// Looks at a condition before giving the processor away between looks (20 µs), and before sleeping.
  private static let spins = 600
  private static let yields = 100

  /// Calls `body(task, worker)` for every task in 0..<tasks; worker 0 is the caller.
  func run(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    precondition(tasks <= SharedLoop.largestLoop, "a loop has at most 2^19 tasks")
    turn.withLock { _ in perform(tasks, body) }
  }

  private func perform(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      self.body = body
      unfinished.store(tasks, ordering: .relaxed)
      let loop = (claim.load(ordering: .relaxed) >> 40) &+ 1
      claim.store((loop << 40) | UInt64(tasks), ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { signals.wakeWorkers() }
      while takeTask(worker: 0) {}
      awaitCompletion()
      self.body = nil
    }
  }

  /// Ends the threads that serve.
  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    signals.wakeWorkers()
  }

  /// Takes and runs one task of the present loop; false when none is left.
  private func takeTask(worker: Int) -> Bool {
    var word = claim.load(ordering: .acquiring)
    while true {
      let first = Int((word >> 20) & 0xf_ffff)
      let end = Int(word & 0xf_ffff)
      if first >= end { return false }
      let fromFront = worker % 2 == 0
      let (exchanged, original) = claim.compareExchange(
        expected: word, desired: fromFront ? word + (1 << 20) : word - 1,
        ordering: .acquiringAndReleasing)
      if exchanged {
        perform(fromFront ? first : end - 1, worker: worker)
        let left = unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue
        if left == 0, callerSleeps.load(ordering: .sequentiallyConsistent) {
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

  /// Waits awake for `condition`; false when it takes too long. On a busy machine a waiting thread
  /// that holds no task gives way, rather than being stopped later while it holds one.
  private func holds(_ condition: () -> Bool) -> Bool {
    for _ in 0..<SharedLoop.spins {
      if condition() { return true }
      eck_pause()
    }
    for _ in 0..<SharedLoop.yields {
      if condition() { return true }
      sched_yield()
    }
    return false
  }

  private func awaitCompletion() {
    if holds({ unfinished.load(ordering: .acquiring) == 0 }) { return }
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    signals.parkCaller { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
    callerSleeps.store(false, ordering: .relaxed)
  }

  /// Takes part in loops until `stop`, on a thread of its own.
  func serve(worker: Int) {
    _ = eck_enter_floating_point_mode()
    while !stopping.load(ordering: .relaxed) {
      if takeTask(worker: worker) { continue }
      // Giving way takes long on a busy machine, and whoever ends the pool waits for this thread.
      if holds({ hasTask || stopping.load(ordering: .relaxed) }) { continue }
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
