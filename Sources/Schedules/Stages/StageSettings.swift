import Storage

/// One element of `stages`: a mapping with the stage's kind as its only key.
package enum StageSettings: Sendable, Equatable {
  case train(TrainSettings)
  case finetune(TrainSettings)
  case prune(PruneSettings)
  case alternate(AlternateSettings)
  /// An `alternate` with `until`.
  case search(SearchSettings)
  case rewind(RewindSettings)
  case evaluate(EvaluateSettings)

  private static let kinds = ["train", "prune", "finetune", "alternate", "rewind", "evaluate"]

  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field, in context: inout StageContext) {
    guard let (kind, settings) = Self.kind(of: field) else { return nil }
    let stage: StageSettings? =
      switch kind {
      case "train": Self.training(kind, settings, in: &context).map { .train($0) }
      case "finetune": Self.training(kind, settings, in: &context).map { .finetune($0) }
      case "prune": PruneSettings(decoding: settings, in: context).map { .prune($0) }
      case "alternate" where settings.has("until"):
        SearchSettings(decoding: settings, in: &context).map { .search($0) }
      case "alternate": AlternateSettings(decoding: settings, in: &context).map { .alternate($0) }
      case "rewind": RewindSettings(decoding: settings, in: context).map { .rewind($0) }
      default: EvaluateSettings(decoding: settings, in: context).map { .evaluate($0) }
      }
    guard let stage else { return nil }
    self = stage
  }

  /// Reads a stage that trains, to which later ones can rewind.
  private static func training(
    _ kind: String, _ field: Field, in context: inout StageContext
  ) -> TrainSettings? {
    let settings = TrainSettings(decoding: field, recovers: kind == "finetune", in: &context)
    context.trained.add(kind, settings)
    return settings
  }

  private static func kind(of field: Field) -> (kind: String, settings: Field)? {
    guard case .mapping = field.node.content else {
      field.reportKind(expected: "a mapping with one of the keys: \(listed(kinds))")
      return nil
    }
    guard let (kind, settings) = field.choice("stage", of: kinds), let settings else { return nil }
    return (kind, settings)
  }

  /// The schedule's word.
  package var kind: String {
    switch self {
    case .train: "train"
    case .finetune: "finetune"
    case .prune: "prune"
    case .alternate, .search: "alternate"
    case .rewind: "rewind"
    case .evaluate: "evaluate"
    }
  }

  /// The stage as a schedule has it, all defaults written out.
  package var canonical: JSONValue {
    let settings: JSONObject =
      switch self {
      case .train(let settings), .finetune(let settings): settings.json
      case .prune(let settings): settings.json
      case .alternate(let settings): settings.json
      case .search(let settings): settings.json
      case .rewind(let settings): settings.json
      case .evaluate(let settings): settings.json
      }
    return .object([kind: .object(settings)])
  }
}
