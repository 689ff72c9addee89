import CKernels
import COpenBLAS
import Glibc
import Synchronization

/// Threads that share out the tasks of one parallel loop at a time.
///
/// The caller divides work by shape alone; which thread takes which task is left open, so tasks write
/// to disjoint places and partial sums are added by the caller in task order. That makes results
/// independent of `threadCount`.
///
/// A class, because it owns threads. Calls of `run` from several threads wait for one another.
package final class WorkerPool: Sendable {
  /// Threads that take part in a loop, the caller included; at least 1.
  package let threadCount: Int

  private let loop: SharedLoop
  private let threads: [pthread_t]
  /// The pool whose threads this one uses; nil for one with threads of its own.
  private let owner: WorkerPool?
  /// Whether somebody asked to stop; only ever called on the thread that calls `run`.
  nonisolated(unsafe) private let isInterrupted: (() -> Bool)?
  /// The same of all pools that are made of one that somebody may stop.
  private let abandonment: Abandonment
  /// Other processes, and the thread that may call on them; only ever touched on that thread.
  nonisolated(unsafe) private let company: (peers: AnyObject, thread: pthread_t)?
  /// Whether subnormal numbers are not taken for 0.
  private let keepsSubnormals: Bool
  private let rests = Atomic(false)

  /// Starts `threadCount - 1` threads, or as many as the system grants, and keeps OpenBLAS to one thread
  /// of its own.
  package init(threadCount: Int) {
    precondition(threadCount >= 1, "a pool has at least one thread")
    openblas_set_num_threads(1)
    let loop = SharedLoop()
    self.loop = loop
    (owner, isInterrupted, company) = (nil, nil, nil)
    abandonment = Abandonment()
    keepsSubnormals = false
    var threads: [pthread_t] = []
    while threads.count + 1 < threadCount {
      // A thread holds the loop, never the pool: the pool's life ends on the owner's thread, which
      // joins this one.
      let start = WorkerStart(loop: loop, worker: threads.count + 1)
      let argument = Unmanaged.passRetained(start)
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          let start = Unmanaged<WorkerStart>.fromOpaque(argument!).takeRetainedValue()
          start.loop.serve(worker: start.worker)
          return nil
        }, argument.toOpaque())
      if status != 0 {
        argument.release()
        break
      }
      threads.append(thread)
    }
    self.threads = threads
    self.threadCount = threads.count + 1
  }

  private init(
    threadsOf owner: WorkerPool, isInterrupted: (() -> Bool)?, abandonment: Abandonment,
    company: (peers: AnyObject, thread: pthread_t)?, keepsSubnormals: Bool
  ) {
    self.abandonment = abandonment
    self.keepsSubnormals = keepsSubnormals
    threadCount = owner.threadCount
    loop = owner.loop
    threads = []
    self.owner = owner
    self.isInterrupted = isInterrupted
    self.company = company
  }

  deinit {
    if owner != nil { return }
    loop.stop()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Calls `body(task, worker)` once for every task in 0..<tasks, on any thread, and returns when all
  /// have ended. `worker` is in 0..<threadCount and serves to pick a scratch space, never a result.
  package func run(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    if keepsSubnormals { return runKeepingSubnormals(tasks: tasks, body) }
    runUsually(tasks: tasks, body)
  }

  /// The same, in the mode that takes subnormal numbers for 0.
  func runUsually(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    guard isInterrupted != nil else { return perform(tasks, body) }
    perform(tasks) { task, worker in
      if worker == 0 { askWhetherToStop() }
      if !isAbandoned { body(task, worker) }
    }
  }

  private func perform(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    // The caller's own mode comes back afterwards: what it reads or prints must not lose subnormals.
    let mode = eck_enter_floating_point_mode()
    defer { eck_leave_floating_point_mode(mode) }
    if tasks <= 1 || threadCount == 1 || !usesThreads {
      for task in 0..<max(tasks, 0) { body(task, 0) }
    } else {
      loop.run(tasks: tasks, body)
    }
  }

  // MARK: One thread or all

  /// A pool on the same threads whose `usesThreads` is its own.
  package func separate() -> WorkerPool {
    WorkerPool(
      threadsOf: owner ?? self, isInterrupted: isInterrupted, abandonment: abandonment,
      company: company, keepsSubnormals: keepsSubnormals)
  }

  /// Whether tasks are shared out among threads, rather than all run on the caller's. It changes no result.
  package var usesThreads: Bool {
    get { !rests.load(ordering: .relaxed) }
    set { rests.store(!newValue, ordering: .relaxed) }
  }

  // MARK: Other processes

  /// A pool on the same threads for work that other processes may take part in.
  ///
  /// - Parameter peers: whoever calls on these; only ever asked on the thread that calls this.
  package func joined(to peers: AnyObject) -> WorkerPool {
    WorkerPool(
      threadsOf: owner ?? self, isInterrupted: isInterrupted, abandonment: abandonment,
      company: (peers, pthread_self()), keepsSubnormals: keepsSubnormals)
  }

  /// Who calls on the other processes; nil without any, and on another thread than the one that may.
  package var peers: AnyObject? {
    guard let company, pthread_equal(company.thread, pthread_self()) != 0 else { return nil }
    return company.peers
  }

  // MARK: Interruption

  /// A pool on the same threads that leaves tasks out as soon as somebody asked to stop, so that work
  /// of minutes ends in the time of one task. What was computed with it is worth nothing then; whoever
  /// uses it looks at `isAbandoned` before it goes on.
  ///
  /// - Parameter isInterrupted: asked between tasks, on the thread that calls `run`.
  package func interruptible(by isInterrupted: @escaping () -> Bool) -> WorkerPool {
    WorkerPool(
      threadsOf: owner ?? self, isInterrupted: isInterrupted, abandonment: Abandonment(),
      company: company, keepsSubnormals: keepsSubnormals)
  }

  // MARK: Subnormal numbers

  /// A pool on the same threads for what is computed near the ends of Float32, where subnormal numbers count.
  package func keepingSubnormals() -> WorkerPool {
    WorkerPool(
      threadsOf: owner ?? self, isInterrupted: isInterrupted, abandonment: abandonment,
      company: company, keepsSubnormals: true)
  }

  /// Whether tasks may have been left out; it stays so.
  package var isAbandoned: Bool { abandonment.hasHappened.load(ordering: .relaxed) }

  /// Asks whether to stop, where long work does not go through `run`; from then on `isAbandoned` says
  /// so too.
  package func askWhetherToStop() {
    if let isInterrupted, !isAbandoned, isInterrupted() {
      abandonment.hasHappened.store(true, ordering: .relaxed)
    }
  }
}

/// Whether tasks may have been left out.
private final class Abandonment: Sendable {
  let hasHappened = Atomic(false)
}

/// What a new thread needs to know.
private final class WorkerStart: Sendable {
  let loop: SharedLoop
  let worker: Int

  init(loop: SharedLoop, worker: Int) {
    self.loop = loop
    self.worker = worker
  }
}
