import Datasets
import Engine
import NeuralNetworks
import Storage

/// How weights are fitted, but for the number of epochs: what `training` sets for the whole
/// schedule and every train and finetune stage can override, key by key.
package struct TrainingOptions: Sendable, Equatable {
  package let batch: Int
  package let loss: Loss
  package var optimizer: Optimizer
  package var schedule: LearningRateSchedule
  package let clipNorm: Double?
  package var earlyStop: EarlyStop?
  /// The share of the units of each hidden layer that a step leaves out; empty for none. The model says it, so
  /// it is no key of these.
  package var dropout: [Double]

  /// What holds where nothing is stated: batches of 64, Adam at 0.001, no decay, cross-entropy for
  /// classes and the squared error for values.
  package static func defaults(for task: LearningTask) -> TrainingOptions {
    TrainingOptions(
      batch: 64, loss: task == .classification ? .crossEntropy() : .meanSquared,
      optimizer: .adam(Optimizer.Adam()), schedule: LearningRateSchedule(), clipNorm: nil,
      earlyStop: nil, dropout: [])
  }

  /// The keys that set them; for those that are not there `base` holds.
  ///
  /// - Parameter optimizer: the form of the optimizer, which in stages can also go on.
  package static func block(
    over base: TrainingOptions, task: LearningTask?, hasValidation: Bool?,
    optimizer: Form<Optimizer> = Optimizer.form
  ) -> Block<TrainingOptions> {
    Block(
      "training", "How weights are fitted; every stage that trains can override each key.",
      .setting(
        "batch", \.batch, .integer(1...1_000_000), default: base.batch, "Samples in a step."),
      Loss.part(\.loss, over: base.loss, task: task),
      .setting(
        "optimizer", \.optimizer, optimizer, default: base.optimizer, said: "adam",
        "How weights follow the gradients. In a stage also `continue`: the one of the last stage that "
          + "trained goes on, moments and step count included."),
      .setting(
        "decay", \.schedule, LearningRateSchedule.form, default: base.schedule, said: "constant",
        "How the learning rate falls over a stage."),
      .setting(
        "clip", \.clipNorm, clip.or("none"), default: base.clipNorm, said: "none",
        "The longest gradient of a step."),
      .setting(
        "early_stop", \.earlyStop, Form.block(earlyStop(hasValidation: hasValidation)).or("none"),
        default: base.earlyStop, said: "none",
        "Ends a stage before its last epoch, by the loss on the validation part."),
      Part([]) { _ in base.dropout },
      make: TrainingOptions.init)
  }

  private static var clip: Form<Double> {
    let norm: Part<Double, Double> = .setting(
      "norm", { $0 }, .number(.positive), "The longest Euclidean norm of all gradients.")
    return .block(Block("clip", "Longer gradients are made shorter.", norm) { $0 })
  }

  private static func earlyStop(hasValidation: Bool?) -> Block<EarlyStop> {
    Block(
      "early_stop", "Ends a stage when the validation loss no longer falls.",
      .setting(
        "patience", \.patience, .integer(1...1_000_000),
        "Epochs without a lower loss until it ends."),
      .setting(
        "restore_best", \.restoreBest, .boolean(), default: true,
        "Whether the weights with the lowest loss come back."),
      check: { keys, _, _ in
        if hasValidation == false { keys.field.report(RelationFault.needsPart("validation")) }
      },
      make: { EarlyStop(patience: $0, restoreBest: $1) })
  }

  /// The settings of a stage of `epochs` epochs.
  func settings(epochs: Int) -> TrainingSettings {
    TrainingSettings(
      epochs: epochs, batch: batch, loss: loss, optimizer: optimizer, schedule: schedule,
      clipNorm: clipNorm, earlyStop: earlyStop, dropout: dropout)
  }

  /// All of them, defaults written out, under the schedule's keys.
  package var json: JSONObject {
    Self.block(over: self, task: nil, hasValidation: nil).encode(self)
  }
}
