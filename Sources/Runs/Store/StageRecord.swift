import NeuralNetworks
import Storage

/// What the manifest says of one finished stage.
package struct StageRecord: Sendable, Equatable {
  package var name: String
  package var kind: StageKind
  package var key: String
  /// The parent's key: another stage's, or the root's.
  package var parent: String
  /// The canonical settings that the key was made from.
  package var settings: JSONValue
  /// The checkpoint's file name in the run's folder; nil for a leaf, and once `gc` has let it go.
  package var file: String?
  /// Size of that file.
  package var bytes: Int?
  /// Of the checkpoint, also of one that was let go: what is computed in its place is compared with it.
  package var sha256: String?
  /// The key of the stage whose checkpoint has to be read before this one can be; nil for a whole one.
  package var base: String? = nil
  /// Weights that are left, in the network and in each layer.
  package var weights: Int
  package var layers: [LayerCount]
  /// Share of the network's weights that are removed.
  package var sparsity: Double
  package var metrics: [PartMetrics]
  /// What computing the stage took, over all its interruptions.
  package var wallClockSeconds: Double
  /// Bytes of memory that the process had had by then at most; nil where that is not known.
  package var peakMemory: Int? = nil
  /// When it was committed, as ISO 8601 in UTC.
  package var finishedAt: String
  /// Of the fine-tuning of a search's trial: whether it holds; nil until that is decided.
  package var verdict: TrialVerdict? = nil
  /// Of a search: how it ended; nil where that is not known any more.
  package var search: SearchReport? = nil
  /// Of a fine-tuning until the loss has recovered: how it ended; nil where that is not known any more.
  package var recovery: RecoveryReport? = nil
  /// Of an evaluation: what it has found beside the metrics; nil where that is not known.
  package var evaluation: EvaluationRecord? = nil
  /// What a leaf has written outside the run's folder.
  package var files: [WrittenFile] = []
}

/// The weights left in one layer.
package struct LayerCount: Sendable, Equatable {
  package var name: String
  package var weights: Int
  /// Weights before any was removed.
  package var total: Int

  package init(name: String, weights: Int, total: Int) {
    self.name = name
    self.weights = weights
    self.total = total
  }
}

/// The metrics of one part of the data.
package struct PartMetrics: Sendable, Equatable {
  /// train, validation or test.
  package var part: String
  package var metrics: Metrics

  package init(part: String, metrics: Metrics) {
    self.part = part
    self.metrics = metrics
  }
}

extension PartMetrics {
  /// What counts of them, for people: "accuracy 97.04 % on the validation part".
  package var quality: String {
    let (measure, value) = metrics.quality
    let text =
      measure == .accuracy
      ? NumberText.fixed(100 * value, 2) + " %" : NumberText.significant(value, 5)
    return "\(measure.rawValue) \(text) on the \(part) part"
  }
}

extension StageRecord {
  package var json: JSONValue {
    var json: JSONValue = [
      "name": .string(name), "kind": .string(kind.rawValue), "key": .string(key),
      "parent": .string(parent), "settings": settings, "file": JSONValue(file),
      "bytes": JSONValue(bytes), "sha256": JSONValue(sha256), "base": JSONValue(base),
      "weights": JSONValue(weights), "layers": .array(layers.map(\.json)),
      "sparsity": JSONValue(sparsity),
      "metrics": PartMetrics.json(metrics), "wall_clock_seconds": JSONValue(wallClockSeconds),
      "finished_at": .string(finishedAt),
    ]
    if let peakMemory { json["peak_memory_bytes"] = JSONValue(peakMemory) }
    if let verdict { json["verdict"] = verdict.json }
    if let search { json["search"] = search.json }
    if let recovery { json["recovery"] = recovery.json }
    if let evaluation { json["evaluation"] = evaluation.json }
    if !files.isEmpty { json["files"] = .array(files.map(\.json)) }
    return json
  }

  package init(json: JSONValue) throws(JSONError) {
    guard let kind = StageKind(rawValue: try json.string(at: "kind")) else {
      throw .wrongKind(path: "kind", expected: "a kind of stage", found: "something else")
    }
    self.kind = kind
    name = try json.string(at: "name")
    key = try json.string(at: "key")
    parent = try json.string(at: "parent")
    settings = try json.value(at: "settings")
    file = try json.value(at: "file").stringValue
    bytes = try json.value(at: "bytes").intValue
    sha256 = try json.value(at: "sha256").stringValue
    base = try json.value(at: "base").stringValue
    weights = try json.integer(at: "weights")
    layers = try json.array(at: "layers").map(LayerCount.init(json:))
    sparsity = try json.number(at: "sparsity")
    metrics = try json.object(at: "metrics").map { member throws(JSONError) in
      PartMetrics(part: member.name, metrics: try Metrics(json: member.value))
    }
    wallClockSeconds = try json.number(at: "wall_clock_seconds")
    finishedAt = try json.string(at: "finished_at")
    peakMemory = json["peak_memory_bytes"]?.intValue
    if let verdict = json["verdict"] { self.verdict = try TrialVerdict(json: verdict) }
    if let search = json["search"] { self.search = try SearchReport(json: search) }
    if let recovery = json["recovery"] { self.recovery = try RecoveryReport(json: recovery) }
    if let evaluation = json["evaluation"] {
      self.evaluation = try EvaluationRecord(json: evaluation)
    }
    if json["files"] != nil { files = try json.array(at: "files").map(WrittenFile.init(json:)) }
    if let file, file.contains("/") || file.hasPrefix(".") || file.isEmpty {
      throw .wrongKind(path: "file", expected: "a plain file name", found: "\"\(file)\"")
    }
  }
}

extension LayerCount {
  package var json: JSONValue {
    ["name": .string(name), "weights": JSONValue(weights), "total": JSONValue(total)]
  }

  package init(json: JSONValue) throws(JSONError) {
    name = try json.string(at: "name")
    weights = try json.integer(at: "weights")
    total = try json.integer(at: "total")
  }

  /// The counts of all layers of `network`.
  package static func counts(of network: Network) -> [LayerCount] {
    network.layers.map {
      LayerCount(name: $0.name, weights: $0.remaining, total: $0.weights.count)
    }
  }
}

extension PartMetrics {
  /// An object with a member a part.
  package static func json(_ all: [PartMetrics]) -> JSONValue {
    .object(JSONObject(all.map { ($0.part, $0.metrics.json) }) ?? [:])
  }
}

extension Metrics {
  package var json: JSONValue {
    var object: JSONValue = ["loss": JSONValue(loss)]
    if let accuracy { object["accuracy"] = JSONValue(accuracy) }
    if let rmse { object["rmse"] = JSONValue(rmse) }
    if let mae { object["mae"] = JSONValue(mae) }
    if let nrmse { object["nrmse"] = JSONValue(nrmse) }
    if let r2 { object["r2"] = JSONValue(r2) }
    // Of a single target these are all.
    if targets.count > 1 {
      object["targets"] = .array(targets.map(\.json))
    }
    return object
  }

  package init(json: JSONValue) throws(JSONError) {
    var targets: [Target] = []
    if json["targets"] != nil {
      targets = try json.array(at: "targets").map(Target.init(json:))
    } else if json["rmse"] != nil {
      targets = [try Target(json: json)]
    }
    self.init(
      loss: try json.value(at: "loss").doubleValue ?? .nan, accuracy: json["accuracy"]?.doubleValue,
      targets: targets)
  }
}

extension Metrics.Target {
  fileprivate var json: JSONValue {
    [
      "name": JSONValue(name), "rmse": JSONValue(rmse), "mae": JSONValue(mae), "r2": JSONValue(r2),
    ]
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init(
      name: json["name"]?.stringValue, rmse: try json.value(at: "rmse").doubleValue ?? .nan,
      mae: try json.value(at: "mae").doubleValue ?? .nan, r2: json["r2"]?.doubleValue)
  }
}
