import NeuralNetworks
import NumericCore
import Runs
import Storage
import Synchronization

/// Measures the cells of a study that have no result: first the dense networks that are missing, then
/// the cells, both on several threads.
struct StudyExecutor: Sendable {
  let plan: StudyPlan
  let folder: StudyFolder
  let journal: StudyJournal
  let threads: Int
  let events: StudyEventSink
  /// Whether somebody asked to stop; looked at between steps.
  let isInterrupted: @Sendable () -> Bool
  let continueCommand: String

  private var dense: DenseModels { DenseModels(folder: folder) }

  /// Cells of one group that are measured by one thread, one after the other.
  private struct Task: Sendable {
    let group: StudyGroup
    let cells: [StudyCell]

    var needsDense: Bool {
      if case .narrower = cells.first?.subject { false } else { true }
    }
  }

  /// Measures the cells that `known` has no result of.
  ///
  /// - Parameter data: of each data set, read when it is first needed.
  /// - Returns: `known` and the new results.
  /// - Throws: `StudyFailure`, `RunFailure`, `StoreError`, and what reading the data throws.
  func run(
    known: [String: StudyResult], data: (Int) throws -> RunData
  ) throws -> [String: StudyResult] {
    let tasks = openTasks(known)
    let missing = tasks.reduce(0) { $0 + $1.cells.count }
    events(.started(name: folder.name, cells: missing, of: plan.cells.count))
    guard !tasks.isEmpty else { return known }

    var groups: [StudyGroup] = []
    for task in tasks
    where task.needsDense && task.group.start == nil && groups.last?.key != task.group.key {
      if try !hasDense(task.group) { groups.append(task.group) }
    }
    var parts: [Int: RunData] = [:]
    for index in Set(tasks.map(\.group.source)).sorted() { parts[index] = try data(index) }
    let meter = StudyMeter(
      cells: missing,
      cost: (groups.map(\.cost) + tasks.flatMap(\.cells).map(\.cost)).reduce(0, +),
      events: events)
    try trainDense(groups, parts, meter)
    return known.merging(try measure(tasks, parts, meter)) { $1 }
  }

  /// What is to do, in the plan's order.
  private func openTasks(_ known: [String: StudyResult]) -> [Task] {
    // Cells that are the same under two names are measured once.
    var planned = Set(known.keys)
    var tasks: [Task] = []
    for group in plan.groups {
      for batch in group.batches {
        let open = batch.filter { planned.insert($0.key).inserted }
        if !open.isEmpty { tasks.append(Task(group: group, cells: open)) }
      }
    }
    return tasks
  }

  // MARK: Dense networks

  /// Whether the dense network of `group` is there; a damaged file is set aside, with a warning.
  private func hasDense(_ group: StudyGroup) throws -> Bool {
    do {
      return try dense.model(of: group) != nil
    } catch RunFailure.damaged(let file, let reason) {
      let aside = folder.unusedPath(file + ".damaged")
      try DurableFile.move(file, to: aside)
      events(.warning("\(file): damaged (\(reason)); it is now \(aside), and trained again"))
      return false
    }
  }

  private func trainDense(
    _ groups: [StudyGroup], _ parts: [Int: RunData], _ meter: StudyMeter
  ) throws {
    try ParallelTasks(threads: threads).run(groups.count) { index, pool, stop in
      let group = groups[index]
      let started = ContinuousClock.now
      meter.began(group.text)
      do {
        let model = try batch(group, parts, pool, stop).trainDense()
        try dense.save(model, of: group, data: plan.facts[group.source])
      } catch {
        throw meter.failed(group.text, error)
      }
      meter.denseTrained(
        group.text, seconds: (ContinuousClock.now - started).seconds, cost: group.cost)
    }
  }

  // MARK: Cells

  private func measure(
    _ tasks: [Task], _ parts: [Int: RunData], _ meter: StudyMeter
  ) throws -> [String: StudyResult] {
    let results = Mutex<[String: StudyResult]>([:])
    try ParallelTasks(threads: threads).run(tasks.count) { index, pool, stop in
      let task = tasks[index]
      let batch = batch(task.group, parts, pool, stop)
      let base =
        try batch.startedDense ?? (task.needsDense ? dense.model(of: task.group) : nil)
      guard base != nil || !task.needsDense else {
        throw RunFailure.failed(
          stage: task.group.text, reason: "its checkpoint has been removed meanwhile; run again")
      }
      var current = task.group.text
      do {
        try batch.measure(task.cells, from: base) { cell in
          current = cell.identity.text
          meter.began(current)
        } finished: { cell, result in
          try journal.append(result, of: cell)
          results.withLock { $0[cell.key] = result }
          meter.measured(cell, result)
        }
      } catch {
        throw meter.failed(current, error)
      }
    }
    return results.withLock { $0 }
  }

  private func batch(
    _ group: StudyGroup, _ parts: [Int: RunData], _ pool: WorkerPool,
    _ stop: StopSign
  ) -> StudyBatch {
    guard let data = parts[group.source] else {
      preconditionFailure("the data of every task are read")
    }
    return StudyBatch(settings: plan.settings, group: group, data: data, pool: pool) {
      if isInterrupted() || stop.isUp {
        throw RunFailure.interrupted(stage: group.text, command: continueCommand)
      }
    }
  }
}
