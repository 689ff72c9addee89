import NeuralNetworks
import NumericCore
import Runs
import Storage
import Synchronization

/// Measures the cells of a study that have no result: first the dense networks that are missing, then
/// the cells, both on several threads.
struct StudyExecutor: Sendable {
  let work: StudyWork
  let threads: Int

  /// Measures the cells that `known` has no result of.
  ///
  /// - Parameter data: of each data set, read when it is first needed.
  /// - Returns: `known` and the new results.
  /// - Throws: `StudyFailure`, `RunFailure`, `StoreError`, and what reading the data throws.
  func run(
    known: [String: StudyResult], data: (Int) throws -> RunData
  ) throws -> [String: StudyResult] {
    let tasks = work.openTasks(Set(known.keys))
    let missing = tasks.reduce(0) { $0 + $1.cells.count }
    work.events(.started(name: work.folder.name, cells: missing, of: work.plan.cells.count))
    guard !tasks.isEmpty else { return known }

    var groups: [StudyGroup] = []
    for task in tasks where task.needsTrainedDense && groups.last?.key != task.group.key {
      if try !work.hasDense(task.group) { groups.append(task.group) }
    }
    var parts: [Int: RunData] = [:]
    for index in Set(tasks.map(\.group.source)).sorted() { parts[index] = try data(index) }
    let meter = StudyMeter(
      cells: missing,
      cost: (groups.map(\.cost) + tasks.flatMap(\.cells).map(\.cost)).reduce(0, +),
      events: work.events)
    try ParallelTasks(threads: threads).run(groups.count) { [groups, parts] index, pool, stop in
      try work.trainDense(groups[index], Self.data(of: groups[index], parts), pool, stop, meter)
    }
    let results = Mutex<[String: StudyResult]>([:])
    try ParallelTasks(threads: threads).run(tasks.count) { [parts] index, pool, stop in
      let task = tasks[index]
      try work.measure(task, Self.data(of: task.group, parts), pool, stop, meter) { cell, result in
        results.withLock { $0[cell.key] = result }
      }
    }
    return known.merging(results.withLock { $0 }) { $1 }
  }

  private static func data(of group: StudyGroup, _ parts: [Int: RunData]) -> RunData {
    guard let data = parts[group.source] else {
      preconditionFailure("the data of every task are read")
    }
    return data
  }
}
