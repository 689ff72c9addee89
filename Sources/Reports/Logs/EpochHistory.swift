import NeuralNetworks
import Runs
import Storage

/// The epochs of a run in order, over all its calls: each once, however often a run was interrupted.
package struct EpochHistory: Sendable, Equatable {
  /// One epoch of a stage.
  package struct Row: Sendable, Equatable {
    package let stage: String
    /// Within the stage, from 1.
    package let epoch: Int
    package let trainingLoss: Double
    package let validation: Metrics?
    package let learningRate: Double
    /// Seconds since the run began, without the time between its calls.
    package let seconds: Double
    /// Share of the weights that are removed; 0 before any was.
    package fileprivate(set) var sparsity = 0.0

    package init(
      stage: String, epoch: Int, trainingLoss: Double, validation: Metrics?, learningRate: Double,
      seconds: Double
    ) {
      self.stage = stage
      self.epoch = epoch
      self.trainingLoss = trainingLoss
      self.validation = validation
      self.learningRate = learningRate
      self.seconds = seconds
    }
  }

  package private(set) var rows: [Row] = []
  /// Share of the weights that are removed now.
  package private(set) var sparsity = 0.0
  /// Weights in all, removed ones included; 0 before that is known.
  private var total = 0
  /// Whether weights were removed in this call.
  private var hasPruned = false

  /// No epochs yet.
  package init() {}

  /// What the log in `folder` tells of earlier calls; what is torn in it is left out.
  package init(of folder: RunFolder) {
    guard let bytes = try? FilePaths.readIfThere(folder.events) else { return }
    var clock = EventClock()
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let json = try? JSONValue(parsing: Array(line)), let event = json["event"]?.stringValue
      else { continue }
      clock.pass(json["time"]?.stringValue, isStart: event == "run_started")
      switch event {
      case "run_started": begin()
      case "stage_finished":
        if let record = json["record"].flatMap({ try? StageRecord(json: $0) }) { end(record) }
      case "weights_pruned":
        if let left = json["report"]?["weights"]?.intValue, total > 0 {
          prune(to: left, of: total)
        }
      case "epoch_finished": add(json, seconds: clock.seconds)
      default: break
      }
    }
  }

  private mutating func add(_ json: JSONValue, seconds: Double) {
    guard let stage = json["stage"]?.stringValue, let epoch = json["epoch"]?.intValue else {
      return
    }
    let metrics = json["validation"].flatMap { $0.isNull ? nil : try? Metrics(json: $0) }
    add(
      Row(
        stage: stage, epoch: epoch, trainingLoss: json["training_loss"]?.doubleValue ?? .nan,
        validation: metrics, learningRate: json["learning_rate"]?.doubleValue ?? .nan,
        seconds: seconds))
  }

  /// A call begins.
  package mutating func begin() { hasPruned = false }

  /// Weights were removed.
  package mutating func prune(to left: Int, of total: Int) {
    self.total = total
    sparsity = total > 0 ? 1 - Double(left) / Double(total) : 0
    hasPruned = true
  }

  /// A stage has ended, which may be told when the next one is at work.
  package mutating func end(_ record: StageRecord) {
    total = record.layers.reduce(0) { $0 + $1.total }
    sparsity = max(sparsity, record.sparsity)
  }

  /// Adds an epoch. Where the same one, or a later one of its stage, is there already, the run has gone back
  /// to before it, and what came of that is forgotten.
  ///
  /// - Parameter row: its sparsity is set here.
  /// - Returns: whether it has.
  @discardableResult
  package mutating func add(_ row: Row) -> Bool {
    let first = rows.firstIndex { $0.stage == row.stage && $0.epoch >= row.epoch }
    if let first {
      if !hasPruned { sparsity = rows[first].sparsity }
      rows.removeSubrange(first...)
    }
    var row = row
    row.sparsity = sparsity
    rows.append(row)
    return first != nil
  }
}

/// Seconds that a run has taken by the times of its log, to the second.
private struct EventClock {
  private(set) var seconds = 0.0
  private var last: Int?

  /// Goes on to an event at `time`; the time before a call begins does not count.
  mutating func pass(_ time: String?, isStart: Bool) {
    guard let now = time.flatMap(Self.secondOfDay) else { return }
    if let last, !isStart {
      // Midnight may have passed.
      seconds += Double((now - last + 86_400) % 86_400)
    }
    last = now
  }

  /// Of `2026-11-29T21:00:05Z`.
  private static func secondOfDay(_ time: String) -> Int? {
    guard let clock = time.split(separator: "T").dropFirst().first else { return nil }
    let parts = clock.filter { $0 != "Z" }.split(separator: ":").compactMap { Int($0) }
    return parts.count == 3 ? parts[0] * 3600 + parts[1] * 60 + parts[2] : nil
  }
}
