import NumericCore
import Synchronization
import Testing

@Suite("WorkerPool")
struct WorkerPoolTests {
  static let threadCounts = [1, 2, 3, 5]

  @Test("Every task runs exactly once", arguments: threadCounts, [0, 1, 2, 16, 1000])
  func everyTaskOnce(threads: Int, tasks: Int) {
    let pool = WorkerPool(threadCount: threads)
    #expect(pool.threadCount == threads)
    let counts = Counters(tasks)
    let badWorkers = Counters(1)
    pool.run(tasks: tasks) { task, worker in
      counts.add(1, at: task)
      if worker < 0 || worker >= threads { badWorkers.add(1, at: 0) }
    }
    #expect(counts.values == Array(repeating: 1, count: tasks))
    #expect(badWorkers.values == [0])
  }

  @Test("A pool that leaves its threads alone runs all tasks on the caller, its sister does not")
  func leftAlone() {
    let pool = WorkerPool(threadCount: 3)
    let separate = pool.separate()
    separate.usesThreads = false
    let (own, others) = (Counters(1), Counters(3))
    separate.run(tasks: 1_000) { _, worker in own.add(worker == 0 ? 1 : 0, at: 0) }
    #expect(own.values == [1_000])
    #expect(pool.usesThreads)
    pool.run(tasks: 1_000) { _, worker in others.add(1, at: worker) }
    #expect(others.values.reduce(0, +) == 1_000)
    separate.usesThreads = true
    #expect(separate.usesThreads)
  }

  @Test("Numbers that are read in tasks keep what is subnormal", arguments: threadCounts)
  func subnormals(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    let lost = Counters(3)
    let tiny = Float.leastNonzeroMagnitude
    pool.runKeepingSubnormals(tasks: 100) { task, _ in
      if Double(tiny) * Double(task + 1) == 0 { lost.add(1, at: 0) }
    }
    pool.run(tasks: 100) { task, _ in
      if Double(tiny) * Double(task + 1) == 0 { lost.add(1, at: 1) }
    }
    let keeping = pool.keepingSubnormals().interruptible(by: { false })
    keeping.run(tasks: 100) { task, _ in
      if Double(tiny) * Double(task + 1) == 0 { lost.add(1, at: 2) }
    }
    #expect(lost.values == [0, 100, 0])
  }

  @Test("No two tasks share a worker's scratch space at one time", arguments: [2, 3, 5])
  func workersAreExclusive(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    let inside = Counters(threads)
    let clashes = Counters(1)
    pool.run(tasks: 5_000) { _, worker in
      if inside.add(1, at: worker) != 1 { clashes.add(1, at: 0) }
      inside.add(-1, at: worker)
    }
    #expect(clashes.values == [0])
  }

  @Test("20,000 small loops in succession lose no task", arguments: threadCounts)
  func manySmallLoops(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    let total = Counters(1)
    var expected = 0
    for loop in 0..<20_000 {
      let tasks = loop % 4
      pool.run(tasks: tasks) { task, _ in total.add(loop &* 7 + task, at: 0) }
      for task in 0..<tasks { expected += loop * 7 + task }
      if total.values[0] != expected { break }
    }
    #expect(total.values == [expected])
  }

  @Test("Loops with pauses between them wake parked threads", arguments: [2, 5])
  func parkedThreads(threads: Int) async throws {
    let pool = WorkerPool(threadCount: threads)
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(3))
      let counts = Counters(40)
      pool.run(tasks: 40) { task, _ in counts.add(1, at: task) }
      #expect(counts.values == Array(repeating: 1, count: 40))
    }
  }

  @Test("What tasks wrote is visible to the caller when the loop ends", arguments: threadCounts)
  func results(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    let a = Matrix(rows: 160, columns: 64, repeating: 1)
    let b = Matrix(rows: 64, columns: 160, repeating: 2)
    var c = Matrix(rows: 160, columns: 160)
    for _ in 0..<20 {
      c = Matrix(rows: 160, columns: 160)
      MatrixProduct.multiply(a, b, into: &c, pool: pool)
      #expect(c == Matrix(rows: 160, columns: 160, repeating: 128))
    }
  }

  @Test("Pools on different threads do not disturb each other")
  func separatePools() async {
    await withTaskGroup(of: Bool.self) { group in
      for seed in 0..<4 {
        group.addTask {
          let pool = WorkerPool(threadCount: 1 + seed % 3)
          let counts = Counters(7)
          for _ in 0..<500 { pool.run(tasks: 7) { task, _ in counts.add(1, at: task) } }
          return counts.values == Array(repeating: 500, count: 7)
        }
      }
      for await right in group { #expect(right) }
    }
  }

  @Test("Loops that several threads start on one pool wait for one another")
  func sharedPool() async {
    let pool = WorkerPool(threadCount: 3)
    let (counts, clashes) = (Counters(4 * 5), Counters(1))
    let inside = Counters(3)
    await withTaskGroup(of: Void.self) { group in
      for starter in 0..<4 {
        group.addTask {
          for _ in 0..<200 {
            pool.run(tasks: 5) { task, worker in
              if inside.add(1, at: worker) != 1 { clashes.add(1, at: 0) }
              counts.add(1, at: starter * 5 + task)
              inside.add(-1, at: worker)
            }
          }
        }
      }
    }
    #expect(counts.values == Array(repeating: 200, count: 20) && clashes.values == [0])
  }

  @Test("Pools come and go, used or not, without a thread left waiting")
  func lifetimes() {
    for round in 0..<200 {
      let pool = WorkerPool(threadCount: 1 + round % 5)
      if round % 2 == 0 { pool.run(tasks: round % 9) { _, _ in } }
    }
  }

  @Test(
    "An interruptible pool leaves tasks out once somebody asked to stop", arguments: threadCounts)
  func interruptible(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    let done = Counters(1)
    var questions = 0
    let view = pool.interruptible {
      questions += 1
      return questions > 3
    }
    view.run(tasks: 2) { _, _ in done.add(1, at: 0) }
    #expect(done.values == [2] && !view.isAbandoned)
    for _ in 0..<100 { view.run(tasks: 50) { _, _ in done.add(1, at: 0) } }
    #expect(view.isAbandoned && done.values[0] < 4000)
    let before = done.values
    view.run(tasks: 50) { _, _ in done.add(1, at: 0) }
    #expect(done.values == before)
    // The pool itself goes on, and a new view begins anew.
    pool.run(tasks: 50) { _, _ in done.add(1, at: 0) }
    pool.interruptible { false }.run(tasks: 50) { _, _ in done.add(1, at: 0) }
    #expect(done.values[0] == before[0] + 100 && !pool.isAbandoned)
  }

  @Test("What is made of an interruptible pool is abandoned with it", arguments: threadCounts)
  func abandonedTogether(threads: Int) {
    let view = WorkerPool(threadCount: threads).interruptible { true }
    let keeping = view.keepingSubnormals()
    #expect(!view.isAbandoned && !keeping.isAbandoned)
    for _ in 0..<100 { keeping.run(tasks: 50) { _, _ in } }
    #expect(view.isAbandoned && keeping.isAbandoned)
    #expect(!keeping.interruptible { false }.isAbandoned)
  }

  @Test("All threads flush subnormal numbers to zero", arguments: threadCounts)
  func floatingPointMode(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    let small = Counters(1)
    let factors: [Float] = [.leastNormalMagnitude, 0.25]
    pool.run(tasks: 200) { _, _ in
      if factors[0] * factors[1] != 0 { small.add(1, at: 0) }
    }
    #expect(small.values == [0])
  }
}

/// Counters that many threads may add to.
private final class Counters: Sendable {
  private let storage: Mutex<[Int]>

  init(_ count: Int) { storage = Mutex(Array(repeating: 0, count: count)) }

  var values: [Int] { storage.withLock { $0 } }

  @discardableResult
  func add(_ amount: Int, at index: Int) -> Int {
    storage.withLock {
      $0[index] += amount
      return $0[index]
    }
  }
}
