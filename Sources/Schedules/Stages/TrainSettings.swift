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
  package var options: TrainingOptions
  /// Whether moments and step count go on from the last stage that trained; its settings then stand
  /// in `options`.
  package let continuesOptimizer: Bool

  /// A training of so many epochs with a fresh optimizer.
  package init(epochs: Int, options: TrainingOptions) {
    self.init(
      epochs: epochs, minimumEpochs: nil, options: options, continuesOptimizer: false)
  }

  init(epochs: Int, minimumEpochs: Int?, options: TrainingOptions, continuesOptimizer: Bool) {
    precondition((1...Self.maximumEpochs).contains(epochs), "at least one epoch")
    self.epochs = epochs
    self.minimumEpochs = minimumEpochs
    self.options = options
    self.continuesOptimizer = continuesOptimizer
  }

  /// What the trainer takes.
  package var settings: TrainingSettings { options.settings(epochs: epochs) }

  /// A training that need not say how long it is.
  package struct Standard {
    /// What holds where no `epochs` are stated; nil where only the keys are described.
    package let settings: TrainSettings?
    /// How many epochs that are, in words.
    package let words: String
  }

  /// The keys of the stage.
  ///
  /// - Parameters:
  ///   - recovers: whether the stage may last until the loss has recovered from a pruning.
  ///   - standard: what the other keys change where no `epochs` are stated; nil where they have to be.
  package static func block(
    _ name: String, recovers: Bool = true, in context: StageContext, standard: Standard? = nil
  ) -> Block<TrainSettings> {
    func options(over base: TrainingOptions) -> Block<TrainingOptions> {
      TrainingOptions.block(
        over: base, task: context.task, hasValidation: context.data?.has(.validation),
        optimizer: optimizer(goingOnFrom: context.lastOptimizer))
    }
    let epochs: Part<TrainSettings, Length> = .setting(
      "epochs", \.length, Length.form(recovers: recovers, in: context),
      default: standard?.settings?.length, said: standard?.words,
      "How long: a number of epochs"
        + (recovers ? ", or until the loss has recovered from the pruning before." : "."))
    let continues = Part<TrainSettings, Bool>([]) { keys in
      keys["optimizer"]?.plainText == "continue"
    } write: { settings, members in
      members["continue_optimizer"] = JSONValue(settings.continuesOptimizer)
    }
    return Block(
      name, "Trains all weights that are left, with a fresh optimizer unless it says `continue`.",
      epochs,
      .included(\.options) { keys in
        let isUnstated = keys.map { $0["epochs"] == nil } ?? false
        return options(over: (isUnstated ? standard?.settings?.options : nil) ?? context.training)
      }, continues,
      check: { keys, _, options, _ in checkLoss(keys, options, in: context) },
      make: { length, options, continues in
        TrainSettings(
          epochs: length.most, minimumEpochs: length.least, options: options,
          continuesOptimizer: continues)
      })
  }

  /// Reads a stage and leaves its optimizer in `context`.
  ///
  /// - Returns: nil where something is wrong; it is reported.
  package static func read(
    _ field: Field, recovers: Bool = true, in context: inout StageContext
  ) -> TrainSettings? {
    let settings = block("train", recovers: recovers, in: context).read(field)
    context.lastOptimizer = settings.map { .known($0.options.optimizer) } ?? .unknown
    return settings
  }

  /// The two losses of classification want output layers of different width.
  private static func checkLoss(
    _ keys: KeyedFields, _ options: TrainingOptions?, in context: StageContext
  ) {
    let standard = context.training.loss
    guard context.task == .classification, let options,
      options.loss.usesClassLabels != standard.usesClassLabels
    else { return }
    keys["loss"]?.report(KeyFault.conflict(with: "the loss \(standard.word) under training"))
  }

  /// How long a stage lasts.
  private struct Length {
    let most: Int
    /// Nil where all epochs are run.
    let least: Int?

    /// What ends a stage before its last epoch.
    private enum End: String, CaseIterable {
      case recovered
    }

    /// A number, or `{min, max, until: recovered}`.
    static func form(recovers: Bool, in context: StageContext) -> Form<Length> {
      let number = Form.integer(1...maximumEpochs)
      let recovering = Form.block(recovery(recovers, context))
      return Form(recovers ? .either([number.shape, recovering.shape]) : number.shape) { field in
        if case .mapping = field.node.content { return recovering.read(field) }
        return number.read(field).map { Length(most: $0, least: nil) }
      } write: {
        $0.least == nil ? number.write($0.most) : recovering.write($0)
      }
    }

    private static func recovery(_ recovers: Bool, _ context: StageContext) -> Block<Length> {
      let range = 1...maximumEpochs
      let least: Part<Length, Int> = .setting(
        "min", { $0.least ?? 1 }, .integer(range), default: 1, "The fewest epochs."
      ) { field, keys in
        let most = keys["max"].flatMap(Form.integer(range).read) ?? maximumEpochs
        return Form.integer(1...most).read(field)
      }
      let most: Part<Length, Int> = .setting(
        "max", \.most, .integer(range), examples: [2, 3],
        "The most epochs; the learning rate decays over so many.")
      let end: Part<Length, End> = .setting(
        "until", { _ in .recovered }, .word("end"), "What ends it.")
      return Block(
        "epochs until recovered",
        "Ends after the first epoch whose validation loss is at most that before the pruning.",
        least, most, end,
        check: { keys, _, _, _ in
          if !recovers {
            keys.field.report(RelationFault.nothingToRecover)
          } else if context.data?.has(.validation) == false {
            keys.field.report(RelationFault.needsPart("validation"))
          }
        },
        make: { least, most, _ in Length(most: most, least: least) })
    }
  }

  private var length: Length { Length(most: epochs, least: minimumEpochs) }

  /// An optimizer, or `continue`.
  private static func optimizer(
    goingOnFrom last: StageContext.LastOptimizer
  ) -> Form<Optimizer> {
    let fresh = Optimizer.form
    return Form(.either([fresh.shape, .words(["continue"])])) { field in
      guard field.plainText == "continue" else { return fresh.read(field) }
      switch last {
      case .known(let optimizer): return optimizer
      case .unknown: return nil
      case .none:
        field.report(RelationFault.nothingToContinue)
        return nil
      }
    } write: {
      fresh.write($0)
    }
  }

  /// All settings that the stage's result depends on, defaults written out.
  package var json: JSONObject { Self.block("train", in: .undecided).encode(self) }
}
