import Glibc
import NumericCore
import Runs
import Storage
import Synchronization

/// Measures the cells of a study together with other workers, until all have results, whoever measured them.
struct SharedStudyExecutor: Sendable {
  let work: StudyWork
  let claims: WorkClaims
  let threads: Int

  /// What one thread does at a time.
  private enum Piece: Sendable {
    case dense(StudyGroup)
    case cells(StudyTask)

    /// The name of its claim.
    var name: String {
      switch self {
      case .dense(let group): "dense-\(group.key)"
      case .cells(let task): "cells-\(task.key)"
      }
    }

    var group: StudyGroup {
      switch self {
      case .dense(let group): group
      case .cells(let task): task.group
      }
    }
  }

  /// Microseconds that a thread waits where all that is left is in the hands of others.
  private static let pause: useconds_t = 500_000

  /// - Parameter data: of each data set, read when it is needed.
  /// - Returns: the number of cells that were measured here.
  /// - Throws: `StudyFailure`, `RunFailure`, `StoreError`, and what reading the data throws.
  func run(data: (Int) throws -> RunData) throws -> Int {
    let known = KnownCells(of: work.folder)
    let tasks = work.openTasks(try known.keys())
    let open = tasks.flatMap(\.cells)
    work.events(.started(name: work.folder.name, cells: open.count, of: work.plan.cells.count))
    if open.isEmpty { return 0 }
    let meter = StudyMeter(
      cells: open.count, cost: open.map(\.cost).reduce(0, +), events: work.events)
    var parts: [Int: RunData] = [:]
    for index in Set(tasks.map(\.group.source)).sorted() { parts[index] = try data(index) }
    let trained = Mutex<Set<String>>([])
    let measured = Atomic(0)
    try ParallelTasks(threads: threads).run(threads) { [parts] _, pool, stop in
      while true {
        try work.checkStop(stop, in: work.folder.name)
        let tasks = work.openTasks(try known.keys())
        if tasks.isEmpty { return }
        guard let piece = try next(of: tasks, known, trained) else {
          usleep(Self.pause)
          continue
        }
        defer { try? claims.give(piece.name) }
        guard let data = parts[piece.group.source] else {
          preconditionFailure("the data of every task are read")
        }
        switch piece {
        case .dense(let group): try work.trainDense(group, data, pool, stop, meter)
        case .cells(let task):
          try work.measure(task, data, pool, stop, meter) { _, _ in
            measured.add(1, ordering: .relaxed)
          }
        }
      }
    }
    return measured.load(ordering: .relaxed)
  }

  /// A piece of `tasks` that nobody else does, which is claimed; nil where others have all.
  ///
  /// - Parameter trained: keys of dense networks that were looked at, and are sound.
  private func next(
    of tasks: [StudyTask], _ known: KnownCells, _ trained: borrowing Mutex<Set<String>>
  ) throws -> Piece? {
    for task in tasks {
      let needsTraining = try task.needsTrainedDense && !isTrained(task.group, trained)
      let piece = needsTraining ? Piece.dense(task.group) : .cells(task)
      guard try claims.take(piece.name) else { continue }
      // Another worker may have done it between the look and the claim.
      let key = task.group.key
      if needsTraining {
        if try !isTrained(task.group, trained) { return piece }
      } else if let open = work.openTasks(try known.keys()).first(where: {
        $0.key == task.key && $0.group.key == key
      }) {
        return .cells(open)
      }
      try claims.give(piece.name)
    }
    return nil
  }

  private func isTrained(
    _ group: StudyGroup, _ trained: borrowing Mutex<Set<String>>
  ) throws -> Bool {
    if trained.withLock({ $0.contains(group.key) }) { return true }
    guard try work.hasDense(group) else { return false }
    trained.withLock { _ = $0.insert(group.key) }
    return true
  }
}
