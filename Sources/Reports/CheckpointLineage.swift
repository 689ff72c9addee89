import ModelFiles
import Runs
import Storage

/// How a checkpoint came to be: the chain of stages from it down to the model before the first one.
package struct CheckpointLineage: Sendable, Equatable {
  /// One stage of the chain; nil for what is not known here.
  package struct Step: Sendable, Equatable {
    package let key: String
    package let parent: String
    package let stage: String?
    package let kind: String?
    package let settings: JSONValue?
    /// Digest of the data that it was computed with.
    package let data: String?
    package let seed: String?
    /// The checkpoint's name in the run's folder; nil where it was let go.
    package let file: String?
    /// Whether that file is there with its recorded size.
    package let isPresent: Bool
    package let weights: Int?
    package let sparsity: Double?
    package let metrics: [PartMetrics]
  }

  /// From the checkpoint downwards; at least one.
  package let steps: [Step]
  /// The model before the first stage; nil where the chain breaks off before it.
  package let root: RootRecord?
  /// The key at which the chain breaks off; nil where it reaches the root.
  package let missing: String?

  /// The lineage of the checkpoint at `path`: its own header, and what the manifest in its folder
  /// records of the stages before it.
  ///
  /// - Throws: `RunFailure` for a checkpoint that cannot be read or knows no key, `StoreError`.
  package init(of path: String) throws {
    // A run at work lists the checkpoint and leads its link there one after the other.
    self = try SteadyLook(atFile: path).value(isSettled: { $0.missing == nil }) {
      try CheckpointLineage(now: path)
    }
  }

  private init(now path: String) throws {
    let own = try StoredCheckpoint.summary(of: path)
    guard let key = own.lineage["key"]?.stringValue,
      let parent = own.lineage["parent"]?.stringValue
    else { throw RunFailure.invalid("\(path): it does not say what it was made from") }
    let folder = RunFolder(path: FilePaths.folder(of: FilePaths.real(path)))
    let manifest = try CheckpointStore.manifest(of: folder)
    let records = manifest?.recordsByKey ?? [:]
    let data = own.lineage["data"]?.stringValue
    let seed = own.lineage["seed"]?.stringValue
    let record = records[key]
    var steps = [
      Step(
        key: key, parent: parent, stage: own.lineage["stage"]?.stringValue,
        kind: own.lineage["kind"]?.stringValue, settings: own.lineage["settings"], data: data,
        seed: seed, file: record?.file ?? FilePaths.name(of: path), isPresent: true,
        weights: own.weights, sparsity: record?.sparsity ?? own.sparsity,
        metrics: record?.metrics ?? [])
    ]
    // The model of a search came from the last of its trials that held.
    var next = own.lineage["source"]?.stringValue ?? parent
    while let record = records[next], steps.count <= records.count {
      steps.append(Step(record, data: data, seed: seed, in: folder))
      next = record.search?.source ?? record.parent
    }
    self.steps = steps
    root = next == manifest?.root.key ? manifest?.root : nil
    missing = root == nil ? next : nil
  }
}

extension CheckpointLineage.Step {
  /// A stage of which the manifest has a record. All stages of a chain share data and seed, which the
  /// key shows: it is derived from them.
  fileprivate init(_ record: StageRecord, data: String?, seed: String?, in folder: RunFolder) {
    var isOfData = false
    if let data, let seed {
      isOfData =
        record.key
        == StageKey.derive(
          parent: record.parent, settings: record.settings, data: data, seed: seed)
    }
    self.init(
      key: record.key, parent: record.parent, stage: record.name, kind: record.kind.rawValue,
      settings: record.settings, data: isOfData ? data : nil, seed: isOfData ? seed : nil,
      file: record.file, isPresent: record.isPresent(in: folder), weights: record.weights,
      sparsity: record.sparsity, metrics: record.metrics)
  }
}

extension CheckpointSummary {
  /// Share of the weights that are gone, counted from the network before units of it were left out.
  package var sparsity: Double { 1 - Double(weights) / Double(max(originalWeightCount, 1)) }
}

extension CheckpointLineage {
  /// The form of `show --lineage --json`.
  package var json: JSONValue {
    [
      "format": 1, "chain": .array(steps.map(\.json)), "missing": JSONValue(missing),
      "root": root.map { ["key": .string($0.key), "settings": $0.settings] } ?? .null,
    ]
  }
}

extension CheckpointLineage.Step {
  fileprivate var json: JSONValue {
    [
      "key": .string(key), "parent": .string(parent), "stage": JSONValue(stage),
      "kind": JSONValue(kind), "settings": settings ?? .null, "data": JSONValue(data),
      "seed": JSONValue(seed), "file": JSONValue(file), "present": .bool(isPresent),
      "weights": JSONValue(weights), "sparsity": JSONValue(sparsity),
      "metrics": metrics.isEmpty ? .null : PartMetrics.json(metrics),
    ]
  }
}
