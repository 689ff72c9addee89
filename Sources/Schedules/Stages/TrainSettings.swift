import NeuralNetworks
import Storage

/// A `train` or `finetune` stage, or the fine-tuning of an `alternate`.
///
///     train: {epochs: 15}
///     finetune: {epochs: 4, batch: 32, decay: {cosine: {to: 0.0001}}}
///     finetune: {epochs: 4, optimizer: continue}
///     finetune: {epochs: {min: 1, max: 10, until: recovered}}
///
/// The last one ends after the first epoch, but not before `min`, at which the validation loss is at
/// most that of the model before the pruning; its learning rate decays over `max` epochs.
///
/// Besides `epochs` it takes all keys of `training`. With `optimizer: continue` the optimizer of
/// the last stage that trained goes on, moments and step count included.
package struct TrainSettings: Sendable, Equatable {
  /// The most epochs of a stage.
  package static let maximumEpochs = 1_000_000

  /// 1…`maximumEpochs`; at most so many where `minimumEpochs` are stated.
  package let epochs: Int
  /// The fewest epochs of a stage that ends once the loss has recovered, 1…`epochs`; nil where all are
  /// run.
  package let minimumEpochs: Int?
  package let options: TrainingOptions
  /// Whether moments and step count go on from the last stage that trained; its settings then stand
  /// in `options`.
  package let continuesOptimizer: Bool

  /// What the trainer takes.
  package var settings: TrainingSettings { options.settings(epochs: epochs) }

  /// Reads the stage and leaves its optimizer in `context`.
  ///
  /// - Parameter recovers: whether the stage may last until the loss has recovered from a pruning.
  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field, recovers: Bool = true, in context: inout StageContext) {
    let last = context.lastOptimizer
    context.lastOptimizer = .unknown
    guard let keys = field.keys(["epochs"] + TrainingOptions.keys) else { return nil }
    let epochs = keys.required("epochs").flatMap {
      Self.epochs($0, recovers: recovers, in: context)
    }
    let continued = keys["optimizer"].flatMap { $0.plainText == "continue" ? $0 : nil }
    let goesOn = continued.flatMap { Self.optimizer(goingOnFrom: last, $0) }
    let options = TrainingOptions(
      decoding: keys, over: context.training, task: context.task,
      hasValidation: context.data?.has(.validation),
      // Where there is nothing to go on with, any optimizer stands in until the error is thrown.
      optimizer: continued == nil ? nil : goesOn ?? context.training.optimizer)
    guard let epochs, let options, continued == nil || goesOn != nil else { return nil }
    // The two losses of classification want output layers of different width.
    let standard = context.training.loss
    if context.task == .classification, options.loss.usesClassLabels != standard.usesClassLabels {
      keys["loss"]?.report(KeyFault.conflict(with: "the loss \(standard.word) under training"))
      return nil
    }
    (self.epochs, minimumEpochs) = (epochs.most, epochs.least)
    self.options = options
    continuesOptimizer = continued != nil
    context.lastOptimizer = .known(options.optimizer)
  }

  /// Reads a number, or `{min, max, until: recovered}`.
  private static func epochs(
    _ field: Field, recovers: Bool, in context: StageContext
  ) -> (most: Int, least: Int?)? {
    guard case .mapping = field.node.content else {
      return field.integer(1...maximumEpochs).map { ($0, nil) }
    }
    guard let keys = field.keys(["min", "max", "until"]) else { return nil }
    let most = keys.required("max")?.integer(1...maximumEpochs)
    let least = keys["min"].map { $0.integer(1...(most ?? maximumEpochs)) } ?? 1
    let until = keys.required("until")?.word("end", as: EpochsEnd.self)
    if !recovers {
      field.report(RelationFault.nothingToRecover)
      return nil
    }
    if context.data?.has(.validation) == false {
      field.report(RelationFault.needsPart("validation"))
      return nil
    }
    guard let most, let least, until != nil else { return nil }
    return (most, least)
  }

  /// What ends a stage before its last epoch.
  private enum EpochsEnd: String, CaseIterable {
    case recovered
  }

  private static func optimizer(
    goingOnFrom last: StageContext.LastOptimizer, _ field: Field
  ) -> Optimizer? {
    switch last {
    case .known(let optimizer): return optimizer
    case .unknown: return nil
    case .none:
      field.report(RelationFault.nothingToContinue)
      return nil
    }
  }

  /// All settings that the stage's result depends on, defaults written out.
  package var json: JSONObject {
    var result = options.json
    result["epochs"] =
      minimumEpochs.map { ["min": JSONValue($0), "max": JSONValue(epochs), "until": "recovered"] }
      ?? JSONValue(epochs)
    result["continue_optimizer"] = JSONValue(continuesOptimizer)
    return result
  }
}
