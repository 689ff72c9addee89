import Formats

/// How far a run has come, stage by stage.
package struct RunStatus: Sendable, Equatable {
  package enum State: String, Sendable {
    case done, pending, running, interrupted, damaged
  }

  package struct Stage: Sendable, Equatable {
    package let name: String
    package let kind: StageKind
    package let key: String
    package let state: State
    /// What is recorded of it; nil while there is nothing.
    package let record: StageRecord?
    /// The counts it will end with, from the plan.
    package let weights: Int
    package let sparsity: Double
    /// What has changed since a stage of this name was last computed.
    package let changes: [SettingsDifference]
  }

  package let name: String
  package private(set) var isRunning: Bool
  package let stages: [Stage]

  /// The state of `plan` in `folder`, without reading more than sizes.
  package init(of plan: Plan, in folder: RunFolder, manifest: Manifest?) {
    name = plan.name
    isRunning = RunLock.isHeld(path: folder.lock)
    let interrupted = RunStatus.interruptedKey(in: folder)
    let running = isRunning
    // A stage is done when it, or a stage that goes on from it, has a checkpoint.
    var doneBefore = 0
    for (index, stage) in plan.stages.enumerated() where stage.kind.changesModel {
      if let record = manifest?.record(of: stage.key), record.isPresent(in: folder) {
        doneBefore = index + 1
      }
    }
    var foundRunning = false
    stages = plan.stages.enumerated().map { index, stage in
      let record = manifest?.record(of: stage.key)
      var state: State
      if let record {
        state = !stage.kind.changesModel || record.isPresent(in: folder) ? .done : .damaged
      } else {
        state = index < doneBefore && stage.kind.changesModel ? .done : .pending
        if stage.key == interrupted { state = .interrupted }
        if running, !foundRunning, state != .done {
          state = .running
          foundRunning = true
        }
      }
      return Stage(
        name: stage.name, kind: stage.kind, key: stage.key, state: state, record: record,
        weights: stage.weights, sparsity: stage.sparsity,
        changes: state == .done
          ? [] : RunStatus.changes(of: stage, root: plan.root, manifest: manifest))
    }
  }

  /// Whether any stage is not done.
  package var hasOpenStages: Bool { stages.contains { $0.state != .done } }

  /// The status as it is once this process lets go of the lock that it holds itself.
  package var finished: RunStatus {
    var status = self
    status.isRunning = false
    return status
  }

  /// done, running, interrupted, or failed when something is missing without a reason to go on from.
  package var summary: String {
    if isRunning { return "running" }
    if stages.allSatisfy({ $0.state == .done }) { return "done" }
    return stages.contains { $0.state == .damaged } ? "failed" : "interrupted"
  }

  /// The key of the stage whose progress is saved.
  private static func interruptedKey(in folder: RunFolder) -> String? {
    guard let summary = try? StoredCheckpoint.summary(of: folder.progress) else { return nil }
    return summary.lineage["key"]?.stringValue
  }

  /// Compares a stage with the newest record of its name, and the initial model with the recorded one.
  private static func changes(
    of stage: PlannedStage, root: RootRecord, manifest: Manifest?
  ) -> [SettingsDifference] {
    guard let manifest else { return [] }
    var changes: [SettingsDifference] = []
    if let old = manifest.stages.last(where: { $0.name == stage.name && $0.key != stage.key }) {
      changes = SettingsDifference.all(from: old.settings, to: stage.settings)
    }
    if stage.parent == root.key {
      changes = SettingsDifference.all(from: manifest.root.settings, to: root.settings) + changes
    }
    return changes
  }
}

extension StageRecord {
  /// Whether the checkpoint's file is there with its recorded size.
  package func isPresent(in folder: RunFolder) -> Bool {
    file.map { FilePaths.size(of: folder.file($0)) == bytes } ?? false
  }
}

extension RunStatus {
  /// The form of `status --json`.
  package var json: JSONValue {
    [
      "format": 1, "name": .string(name), "status": .string(summary),
      "stages": .array(stages.map(\.json)),
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
      "layers": record.map { .array($0.layers.map(\.json)) } ?? .null,
      "metrics": PartMetrics.json(record?.metrics ?? []),
      "wall_clock_seconds": JSONValue(record?.wallClockSeconds),
      "changes": .array(changes.map { .string($0.description) }),
    ]
  }
}
