import NeuralNetworks
import NumericCore
import Runs
import Storage

/// Cells of one group that are measured by one thread, one after the other.
struct StudyTask: Sendable {
  let group: StudyGroup
  /// The key of the first cell of all that share what scoring measures, whether it is open or not.
  let key: String
  let cells: [StudyCell]

  /// Whether the group's dense network is trained by the study, and these cells come from it.
  var needsTrainedDense: Bool { needsDense && group.start == nil }

  var needsDense: Bool { cells.contains { $0.subject.needsDense } }
}

/// Trains dense networks and measures cells, and keeps both: what a study's work is, whoever divides it.
struct StudyWork: Sendable {
  let plan: StudyPlan
  let folder: StudyFolder
  let dense: DenseModels
  let journal: StudyJournal
  let events: StudyEventSink
  /// Whether somebody asked to stop; looked at between steps.
  let isInterrupted: @Sendable () -> Bool
  let continueCommand: String

  /// What is to do where `known` has results, in the plan's order.
  func openTasks(_ known: Set<String>) -> [StudyTask] {
    // Cells that are the same under two names are measured once.
    var planned = known
    var tasks: [StudyTask] = []
    for group in plan.groups {
      for batch in group.batches {
        let open = batch.filter { planned.insert($0.key).inserted }
        guard let first = batch.first, !open.isEmpty else { continue }
        tasks.append(StudyTask(group: group, key: first.key, cells: open))
      }
    }
    return tasks
  }

  /// Whether the dense network of `group` is there; a damaged file is set aside, with a warning.
  func hasDense(_ group: StudyGroup) throws -> Bool {
    do {
      return try dense.model(of: group) != nil
    } catch RunFailure.damaged(let file, let reason) {
      let aside = folder.unusedPath(forDamaged: file)
      guard try ExclusiveName.take(file, to: aside) else { return false }
      try DurableFile.syncFolder(of: aside)
      events(.warning("\(file): damaged (\(reason)); it is now \(aside), and trained again"))
      return false
    }
  }

  /// Trains the dense network of `group` on `data`.
  func trainDense(
    _ group: StudyGroup, _ data: RunData, _ pool: WorkerPool, _ stop: StopSign, _ meter: StudyMeter
  ) throws {
    let started = ContinuousClock.now
    meter.began(group.text)
    do {
      let model = try batch(group, data, pool, stop, meter).trainDense()
      try dense.save(model, of: group, data: plan.facts[group.source])
    } catch {
      throw meter.failed(group.text, error)
    }
    meter.denseTrained(
      group.text, seconds: (ContinuousClock.now - started).seconds, cost: group.cost)
  }

  /// Measures the cells of `task` on `data`.
  ///
  /// - Parameter finished: takes each result when it is on disk.
  func measure(
    _ task: StudyTask, _ data: RunData, _ pool: WorkerPool, _ stop: StopSign, _ meter: StudyMeter,
    finished: (StudyCell, StudyResult) -> Void
  ) throws {
    let batch = batch(task.group, data, pool, stop, meter)
    let base = try batch.startedDense ?? (task.needsDense ? dense.model(of: task.group) : nil)
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
        finished(cell, result)
        meter.measured(cell, result)
      }
    } catch {
      throw meter.failed(current, error)
    }
  }

  private func batch(
    _ group: StudyGroup, _ data: RunData, _ pool: WorkerPool, _ stop: StopSign, _ meter: StudyMeter
  ) -> StudyBatch {
    StudyBatch(
      settings: plan.settings, group: group, data: data, pool: pool, advanced: meter.advanced
    ) {
      try checkStop(stop, in: group.text)
    }
  }

  /// - Throws: `RunFailure.interrupted` where somebody asked to stop, or another thread has failed.
  func checkStop(_ stop: StopSign, in text: String) throws {
    if let interruption = interruption(stop, in: text) { throw interruption }
  }

  /// That somebody asked to stop, or another thread has failed; nil where neither is so.
  func interruption(_ stop: StopSign, in text: String) -> RunFailure? {
    isInterrupted() || stop.isUp
      ? .interrupted(stage: text, command: continueCommand) : nil
  }
}
