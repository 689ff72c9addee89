import Formats
import NeuralNetworks

/// A `train` or `finetune` stage, or the fine-tuning of an `alternate`.
///
///     train: {epochs: 15}
///     finetune: {epochs: 4, batch: 32, decay: {cosine: {to: 0.0001}}}
///     finetune: {epochs: 4, optimizer: continue}
///
/// Besides `epochs` it takes all keys of `training`. With `optimizer: continue` the optimizer of
/// the last stage that trained goes on, moments and step count included.
package struct TrainSettings: Sendable, Equatable {
  /// The most epochs of a stage.
  package static let maximumEpochs = 1_000_000

  /// 1…`maximumEpochs`.
  package let epochs: Int
  package let options: TrainingOptions
  /// Whether moments and step count go on from the last stage that trained; its settings then stand
  /// in `options`.
  package let continuesOptimizer: Bool

  /// What the trainer takes.
  package var settings: TrainingSettings { options.settings(epochs: epochs) }

  /// Reads the stage and leaves its optimizer in `context`.
  ///
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field, in context: inout StageContext) {
    let last = context.lastOptimizer
    context.lastOptimizer = .unknown
    guard let keys = field.keys(["epochs"] + TrainingOptions.keys) else { return nil }
    let epochs = keys.required("epochs")?.integer(1...Self.maximumEpochs)
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
    self.epochs = epochs
    self.options = options
    continuesOptimizer = continued != nil
    context.lastOptimizer = .known(options.optimizer)
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
    result["epochs"] = JSONValue(epochs)
    result["continue_optimizer"] = JSONValue(continuesOptimizer)
    return result
  }
}
