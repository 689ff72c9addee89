import NeuralNetworks
import Runs
import Schedules
import Storage

/// How far a run has come, stage by stage.
package struct RunStatus: Sendable, Equatable {
  /// How far one stage has come.
  package enum State: String, Sendable {
    /// Computed, or not needed because a later stage is.
    case done
    case pending
    case running
    /// Its progress is saved.
    case interrupted
    /// The last call ended in it.
    case failed
    /// Its checkpoint is gone or has another size.
    case damaged
  }

  /// One stage of the plan, and what is recorded of it.
  package struct Stage: Sendable, Equatable {
    package let name: String
    package let kind: StageKind
    package let key: String
    package let state: State
    /// Whether a run would compute it.
    package let isOpen: Bool
    /// What is recorded of it; nil while there is nothing.
    package let record: StageRecord?
    /// The counts it will end with, from the plan; nil behind a search that has not ended.
    package let weights: Int?
    package let sparsity: Double?
    /// The counts of its layers, where they are known.
    package let layers: [LayerCount]?
    /// What has changed since a stage of this name was last computed.
    package let changes: [JSONDifference]
  }

  package let name: String
  /// The name of the loss that stages are measured by.
  package let loss: String
  /// Whether targets are numbers, which have no accuracy.
  package let isRegression: Bool
  /// Whether these are several, whose units may differ.
  package let hasSeveralTargets: Bool
  package let isRunning: Bool
  /// How the last call of `run` ended that did not come to the end, and how far the stage at work is.
  package private(set) var history: RunHistory
  package let stages: [Stage]
  /// Weights of the network that the run began with, from which sparsities count.
  package let total: Int
  /// Those before units of it were left out, where the run began with a network that was shrunk; elsewhere the
  /// same.
  package let originalTotal: Int

  /// The state of the run in `folder` by its schedule as it is now, and what its result lacks, which a process at work
  /// is about to put there; nil for nothing. What such a process leaves for a moment is not told.
  ///
  /// - Throws: `RunFailure`, `StoreError`; `ScheduleError`, `DatasetError` where its plan cannot be made any more.
  package static func now(
    of folder: RunFolder, surroundings: Surroundings
  ) throws -> (status: RunStatus, lack: String?) {
    let layout = folder.layout
    return try SteadyLook(at: folder, [layout.manifest, layout.journal]).value(isSettled: {
      !$0.status.hasDamage && $0.lack == nil && ["running", "done"].contains($0.status.summary)
    }) {
      let recorded = try RecordedRun(folder: folder)
      let plan = try recorded.session(surroundings).preview().plan
      let status = RunStatus(of: plan, in: folder, manifest: recorded.manifest)
      return (status, status.isRunning ? nil : folder.lackOfResult(recorded.manifest))
    }
  }

  /// The state of `plan` in `folder`, without reading more than sizes.
  ///
  /// - Parameter isRunning: whether a process is at work on it; by default, whether one has its lock.
  ///   Who has just run it says false: the lock may be seen as held for an instant after it was let go.
  package init(
    of plan: Plan, in folder: RunFolder, manifest: Manifest?, isRunning: Bool? = nil
  ) {
    name = plan.name
    loss = plan.loss.word
    total = plan.architecture.weightCount
    originalTotal = plan.start?.originalWeightCount ?? total
    isRegression = plan.facts.classes.isEmpty
    hasSeveralTargets = plan.facts.targets > 1
    let history = RunHistory(folder)
    self.history = history
    let isRunning = isRunning ?? FileLock.isHeld(path: folder.lock)
    self.isRunning = isRunning
    let progress = (try? StoredCheckpoint.summary(of: folder.progress))?.lineage
    let interrupted = progress?["key"]?.stringValue
    let records = manifest?.recordsByKey ?? [:]
    let walk = Walk(plan, records, in: folder)
    let named = Dictionary(grouping: manifest?.stages ?? [], by: \.name)
    var foundRunning = false
    stages = plan.stages.enumerated().map { index, stage in
      let record = records[stage.key]
      let isOpen = walk.isOpen(index)
      var state: State = isOpen ? .pending : .done
      if let record, record.isDamaged(in: folder) { state = .damaged }
      if isOpen, stage.key == interrupted { state = .interrupted }
      if isOpen, !isRunning, history.message?.hasPrefix("stage \(stage.name): ") == true {
        state = .failed
      }
      if isOpen, isRunning, !foundRunning {
        state = .running
        foundRunning = true
      }
      return Stage(
        name: stage.name, kind: stage.kind, key: stage.key, state: state, isOpen: isOpen,
        record: record, weights: stage.weights, sparsity: stage.sparsity,
        layers: record?.layers ?? plan.layerCounts(of: stage),
        changes: isOpen
          ? RunStatus.changes(of: stage, from: named[stage.name] ?? [], progress, plan, manifest)
          : [])
    }
  }

  /// Whether a run would compute any stage.
  package var hasOpenStages: Bool { stages.contains(where: \.isOpen) }

  /// Whether a checkpoint is gone or has another size.
  var hasDamage: Bool { stages.contains { $0.state == .damaged } }

  /// done, running, changed since it was last computed, failed, also when something is damaged that a
  /// run would need, stopped as `--until` said, or interrupted.
  package var summary: String {
    if isRunning { return "running" }
    if !hasOpenStages { return "done" }
    if stages.contains(where: { $0.isOpen && $0.state == .damaged }) { return "failed" }
    if stages.contains(where: { !$0.changes.isEmpty }) { return "changed" }
    switch history.ending {
    case .failed: return "failed"
    case .stopped: return "stopped"
    case nil: return "interrupted"
    }
  }

  /// The summary with what belongs to it: the epoch, the stage or the message.
  package var text: String {
    switch (summary, history.ending) {
    case ("running", _): "running" + (history.epoch.map { ", " + $0 } ?? "")
    case ("failed", .failed(let message)): "failed: \(message)"
    case ("stopped", .stopped(let stage)): "stopped after \(stage)"
    default: summary
    }
  }

  /// Compares a stage with the newest record of its name, and the initial model, data and seed with
  /// the recorded ones.
  private static func changes(
    of stage: PlannedStage, from records: [StageRecord], _ progress: JSONValue?, _ plan: Plan,
    _ manifest: Manifest?
  ) -> [JSONDifference] {
    guard let manifest else { return [] }
    var changes: [JSONDifference] = []
    if progress?["stage"]?.stringValue == stage.name, let settings = progress?["settings"] {
      // It was interrupted, so there is no record yet.
      changes = JSONDifference.all(from: settings, to: stage.settings)
    } else if let old = records.last(where: { $0.key != stage.key }) {
      changes = JSONDifference.all(from: old.settings, to: stage.settings)
    }
    return stage.parent == plan.root.key ? plan.rootChanges(since: manifest) + changes : changes
  }
}

extension Plan {
  /// The weights that `stage` leaves in each layer, where they are known before anything runs.
  package func layerCounts(of stage: PlannedStage) -> [LayerCount]? {
    stage.layers.map { counts in
      zip(architecture.layerNames, counts).enumerated().map { index, layer in
        LayerCount(
          name: layer.0, weights: layer.1,
          total: architecture.widths[index] * architecture.widths[index + 1])
      }
    }
  }
}

extension RunStatus {
  /// The form of `status --json`.
  package var json: JSONValue {
    [
      "format": 1, "name": .string(name), "status": .string(summary),
      "message": JSONValue(history.message), "loss": .string(loss),
      "stages": .array(stages.map(\.json)), "total": JSONValue(total),
      "original_total": JSONValue(originalTotal),
    ]
  }
}

extension RunStatus.Stage {
  var json: JSONValue {
    [
      "name": .string(name), "kind": .string(kind.rawValue), "key": .string(key),
      "status": .string(state.rawValue), "file": JSONValue(record?.file),
      "bytes": JSONValue(record?.bytes), "sparsity": JSONValue(record?.sparsity ?? sparsity),
      "weights": JSONValue(record?.weights ?? weights),
      "layers": layers.map { .array($0.map(\.json)) } ?? .null,
      "metrics": record.map { PartMetrics.json($0.metrics) } ?? .null,
      "wall_clock_seconds": JSONValue(record?.wallClockSeconds),
      "verdict": record?.verdict?.json ?? .null, "search": record?.search?.json ?? .null,
      "recovery": record?.recovery?.json ?? .null,
      "files": record.map { .array($0.files.map(\.json)) } ?? .null,
      "changes": .array(changes.map { .string($0.description) }),
    ]
  }
}
