import Datasets

extension DataSettings {
  private static let kinds = ["csv", "idx", "npy", "generate"]

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field) {
    let allowed = [
      "csv", "idx", "npy", "generate", "train", "validation", "test", "label", "header",
      "delimiter", "task", "split", "scale", "scale_targets",
    ]
    guard let keys = field.keys(allowed) else { return nil }
    let task = keys.required("task")?.word("task", as: LearningTask.self)
    let table = TableSettings(decoding: keys, task: task)
    let scaling = keys["scale"].map { $0.word("scale", as: Scaling.self) } ?? Scaling.none
    let targetScaling = Self.targetScaling(keys["scale_targets"], task: task)

    var train: SourceSettings?
    if let (kind, value) = keys.exactlyOne(of: Self.kinds + ["train"]) {
      let source = kind == "train" ? Self.source(in: value) : (kind, value)
      train = source.flatMap {
        SourceSettings(decoding: $0.value, kind: $0.kind, table: table, task: task)
      }
      if let source, source.kind != "csv" { Self.refuseTableKeys(keys, beside: source.kind) }
      if kind != "train" {
        for part in ["validation", "test"] {
          keys[part]?.report(KeyFault.conflict(with: field.path + "." + kind))
        }
      }
    }
    let shares = Self.shares(keys["split"])
    let validation = Self.part(
      "validation", keys, share: shares?.validation, table: table, task: task)
    let test = Self.part("test", keys, share: shares?.test, table: table, task: task)
    guard let task, let train, let scaling, let targetScaling, shares != nil, let validation,
      let test, table != nil
    else { return nil }
    self.init(
      train: train, validation: validation, test: test, task: task, scaling: scaling,
      targetScaling: targetScaling)
  }

  /// The one kind of source that a part's mapping names.
  private static func source(in field: Field) -> (kind: String, value: Field)? {
    guard let (kind, value) = field.keys(kinds)?.exactlyOne(of: kinds) else { return nil }
    return (kind, value)
  }

  private static func refuseTableKeys(_ keys: KeyedFields, beside kind: String) {
    for key in ["label", "header", "delimiter"] {
      keys[key]?.report(KeyFault.conflict(with: keys.field.path + "." + kind))
    }
  }

  private static func targetScaling(_ field: Field?, task: LearningTask?) -> Scaling? {
    guard let field else { return Scaling.none }
    guard let scaling = field.word("scale", as: Scaling.self) else { return nil }
    if task == .classification, scaling != .none {
      field.report(RelationFault.notForTask("scale_targets", task: "classification"))
      return nil
    }
    return scaling
  }

  /// A part with files of its own, or with a share of the training source.
  private static func part(
    _ name: String, _ keys: KeyedFields, share: PartSize?, table: TableSettings?,
    task: LearningTask?
  ) -> Part? {
    guard let own = keys[name] else { return share.map { .share($0) } ?? .absent }
    if share != nil {
      keys["split"]?.report(KeyFault.conflict(with: own.path))
      return nil
    }
    guard let (kind, value) = source(in: own) else { return nil }
    return SourceSettings(decoding: value, kind: kind, table: table, task: task)
      .map { .source($0) }
  }

  /// What is split off; nil where something is wrong.
  private static func shares(_ field: Field?) -> (validation: PartSize?, test: PartSize?)? {
    guard let field else { return (nil, nil) }
    guard let keys = field.keys(["validation", "test"]) else { return nil }
    let fields = [keys["validation"], keys["test"]]
    let sizes = fields.map { $0.map(Self.share) }
    if sizes.contains(where: { $0 == .some(.none) }) { return nil }
    let total = sizes.reduce(0.0) { sum, size in
      if case .fraction(let fraction)?? = size { sum + fraction } else { sum }
    }
    guard total < 1 else {
      field.report(RelationFault.splitTakesAll(total: "\(total)"))
      return nil
    }
    return (sizes[0] ?? nil, sizes[1] ?? nil)
  }

  private static func share(_ field: Field) -> PartSize? {
    guard let text = field.plainText, let syntax = NumberSyntax(text) else {
      field.reportKind(expected: "a fraction or a number of rows")
      return nil
    }
    if syntax == .integer, let rows = Int(text), rows >= 1 { return .rows(rows) }
    if syntax == .real, let fraction = Double(text), fraction > 0, fraction < 1 {
      return .fraction(fraction)
    }
    field.report(
      .outOfRange(text, allowed: "fractions above 0 and below 1, or whole numbers of rows"))
    return nil
  }
}
