import Storage

/// A `rewind` stage, or the rewinding in the rounds of an `alternate`: surviving weights, and biases,
/// go back to what they were after some epochs of an earlier stage (lottery-ticket style).
///
///     rewind: {to: train, epoch: 2}
///
/// Without `epoch` they go back to the end of that stage; `epoch: 0` is the model before it.
///
/// Source: Frankle and Carbin, "The lottery ticket hypothesis", 2019; Frankle et al., "Linear mode
/// connectivity and the lottery ticket hypothesis", 2020, Sec. 4 (rewinding to an early epoch).
package struct RewindSettings: Sendable, Equatable {
  /// A train or finetune stage: `train`, `train-2`.
  package let stage: String
  /// Epochs of that stage, from 0; nil for all of them.
  package let epoch: Int?

  package static func block(in context: StageContext) -> Block<RewindSettings> {
    let name = Form(.text("the name of a stage"), { Self.name($0, in: context) }) { .string($0) }
    let stage: Part<RewindSettings, String> = .setting(
      "to", \.stage, name, examples: ["train", "train-2"],
      "The train or finetune stage before that weights go back to.")
    let epoch: Part<RewindSettings, Int?> = .optional(
      "epoch", \.epoch, .integer(0...TrainSettings.maximumEpochs),
      absent: "the end of that stage", "After how many of its epochs; 0 is the model before it."
    ) { field, keys in
      Self.epoch(field, of: stage.read(keys).flatMap(context.trained.stage))
    }
    return Block(
      "rewind", "Surviving weights, and biases, go back to what they were (lottery-ticket style).",
      stage, epoch, make: RewindSettings.init)
  }

  private static func name(_ field: Field, in context: StageContext) -> String? {
    guard let name = field.string("the name of a stage")?.value else { return nil }
    guard context.trained.stage(name) != nil else {
      field.report(RelationFault.noSuchTraining(name, stages: context.trained.names))
      return nil
    }
    return name
  }

  private static func epoch(_ field: Field, of stage: TrainedStages.Stage?) -> Int? {
    let epochs = stage?.epochs ?? TrainSettings.maximumEpochs
    guard let epoch = Form.integer(0...epochs).read(field) else { return nil }
    if let stage, stage.epochs != nil, stage.stopsEarly, (1..<epochs).contains(epoch) {
      field.report(RelationFault.rewindIntoEarlyStop(stage.name))
      return nil
    }
    return epoch
  }

  /// All settings, defaults written out.
  package var json: JSONObject { Self.block(in: .undecided).encode(self) }
}

/// The train and finetune stages so far, to which later ones can rewind.
package struct TrainedStages {
  /// One of them.
  struct Stage {
    let name: String
    /// Nil where its settings are wrong.
    let epochs: Int?
    let stopsEarly: Bool
  }

  private var stages: [Stage] = []
  private var counts: [String: Int] = [:]

  /// In the order of the schedule.
  var names: [String] { stages.map(\.name) }

  /// The epochs of the last one; nil where there is none, or its settings are wrong.
  var lastEpochs: Int? { stages.last?.epochs }

  /// The stage called `name`.
  func stage(_ name: String) -> Stage? { stages.first { $0.name == name } }

  /// Adds a stage of `kind`; nil for settings that are wrong.
  package mutating func add(_ kind: String, _ settings: TrainSettings?) {
    let count = counts[kind, default: 0] + 1
    counts[kind] = count
    stages.append(
      Stage(
        name: StageName.unique(kind, count), epochs: settings?.epochs,
        stopsEarly: settings?.options.earlyStop != nil || settings?.minimumEpochs != nil))
  }
}
