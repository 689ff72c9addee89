import Datasets
import Engine
import NeuralNetworks
import Storage

/// How weights are fitted, but for the number of epochs: what `training` sets for the whole
/// schedule and every train and finetune stage can override, key by key.
///
///     batch: 64
///     loss: cross_entropy                # mse, mae, huber, binary_cross_entropy
///     label_smoothing: 0.1               # with cross_entropy
///     optimizer: {adam: {learning_rate: 0.001}}
///     decay: {cosine: {to: 0.0001, warmup_steps: 100}}
///     clip: {norm: 1}                    # or none
///     early_stop: {patience: 5}          # or none
package struct TrainingOptions: Sendable, Equatable {
  package let batch: Int
  package let loss: Loss
  package let optimizer: Optimizer
  package let schedule: LearningRateSchedule
  package let clipNorm: Double?
  package let earlyStop: EarlyStop?

  /// The keys that set them.
  static let keys = [
    "batch", "loss", "label_smoothing", "optimizer", "decay", "clip", "early_stop",
  ]

  /// What holds where nothing is stated: batches of 64, Adam at 0.001, no decay, cross-entropy for
  /// classes and the squared error for values.
  package static func defaults(for task: LearningTask) -> TrainingOptions {
    TrainingOptions(
      batch: 64, loss: task == .classification ? .crossEntropy() : .meanSquared,
      optimizer: .adam(Optimizer.Adam()), schedule: LearningRateSchedule(), clipNorm: nil,
      earlyStop: nil)
  }

  private init(
    batch: Int, loss: Loss, optimizer: Optimizer, schedule: LearningRateSchedule,
    clipNorm: Double?, earlyStop: EarlyStop?
  ) {
    self.batch = batch
    self.loss = loss
    self.optimizer = optimizer
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.earlyStop = earlyStop
  }

  /// Reads the keys that are there; for the others `base` holds.
  ///
  /// `optimizer` may be replaced by the caller, who reads the key itself then.
  /// - Returns: nil where something is wrong; it is reported.
  init?(
    decoding keys: KeyedFields, over base: TrainingOptions, task: LearningTask?,
    hasValidation: Bool?, optimizer known: Optimizer? = nil
  ) {
    let batch = keys["batch"].map { $0.integer(1...1_000_000) } ?? base.batch
    let loss = Loss.decode(keys, over: base.loss, task: task)
    let optimizer =
      known ?? (keys["optimizer"].map { Optimizer(decoding: $0) } ?? base.optimizer)
    let schedule =
      keys["decay"].map { LearningRateSchedule(decoding: $0) } ?? base.schedule
    let clipNorm = keys["clip"].map(Self.clipNorm) ?? .some(base.clipNorm)
    let earlyStop =
      keys["early_stop"].map { Self.earlyStop($0, hasValidation: hasValidation) }
      ?? .some(base.earlyStop)
    guard let batch, let loss, let optimizer, let schedule, let clipNorm, let earlyStop else {
      return nil
    }
    self.init(
      batch: batch, loss: loss, optimizer: optimizer, schedule: schedule, clipNorm: clipNorm,
      earlyStop: earlyStop)
  }

  /// `none`, or the norm; nil where something is wrong.
  private static func clipNorm(_ field: Field) -> Double?? {
    if field.plainText == "none" { return .some(nil) }
    guard let norm = field.keys(["norm"])?.required("norm")?.number(.positive) else { return nil }
    return norm
  }

  private static func earlyStop(_ field: Field, hasValidation: Bool?) -> EarlyStop?? {
    if field.plainText == "none" { return .some(nil) }
    guard let keys = field.keys(["patience", "restore_best"]) else { return nil }
    let patience = keys.required("patience")?.integer(1...1_000_000)
    let restoreBest = keys["restore_best"].map { $0.boolean() } ?? true
    if hasValidation == false {
      field.report(RelationFault.needsPart("validation"))
      return nil
    }
    guard let patience, let restoreBest else { return nil }
    return EarlyStop(patience: patience, restoreBest: restoreBest)
  }

  /// The settings of a stage of `epochs` epochs.
  func settings(epochs: Int) -> TrainingSettings {
    TrainingSettings(
      epochs: epochs, batch: batch, loss: loss, optimizer: optimizer, schedule: schedule,
      clipNorm: clipNorm, earlyStop: earlyStop)
  }

  /// All of them, defaults written out, under the schedule's keys.
  package var json: JSONObject {
    var result: JSONObject = [
      "batch": JSONValue(batch), "loss": loss.json, "optimizer": optimizer.json,
      "decay": schedule.json,
      "clip": clipNorm.map { ["norm": JSONValue($0)] } ?? .null,
      "early_stop": earlyStop.map {
        ["patience": JSONValue($0.patience), "restore_best": JSONValue($0.restoreBest)]
      } ?? .null,
    ]
    if case .crossEntropy(let smoothing) = loss {
      result["label_smoothing"] = JSONValue(exactly: smoothing)
    }
    return result
  }
}
