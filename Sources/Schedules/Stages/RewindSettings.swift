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

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field, in context: StageContext) {
    guard let keys = field.keys(["to", "epoch"]) else { return nil }
    let stage = keys.required("to").flatMap { Self.stage($0, in: context) }
    let epoch = keys.optional("epoch") { field in
      Self.epoch(field, of: stage.flatMap { context.trained.stage($0) })
    }
    guard let stage, let epoch else { return nil }
    self.stage = stage
    self.epoch = epoch
  }

  private static func stage(_ field: Field, in context: StageContext) -> String? {
    guard let name = field.string("the name of a stage")?.value else { return nil }
    guard context.trained.stage(name) != nil else {
      field.report(RelationFault.noSuchTraining(name, stages: context.trained.names))
      return nil
    }
    return name
  }

  private static func epoch(_ field: Field, of stage: TrainedStages.Stage?) -> Int? {
    guard let epochs = stage?.epochs else { return field.integer(0...TrainSettings.maximumEpochs) }
    guard let epoch = field.integer(0...epochs) else { return nil }
    if stage?.stopsEarly == true, (1..<epochs).contains(epoch) {
      field.report(RelationFault.rewindIntoEarlyStop(stage?.name ?? ""))
      return nil
    }
    return epoch
  }

  /// All settings, defaults written out.
  package var json: JSONObject { ["to": .string(stage), "epoch": JSONValue(epoch)] }
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
