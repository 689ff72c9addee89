import Datasets
import NeuralNetworks
import Storage

extension DataSettings {
  /// Data that have all parts, for classification and for regression.
  package static let examples: [JSONValue] = LearningTask.allCases.map { task in
    [
      "csv": "a.csv", "task": .string(task.rawValue), "split": ["validation": 0.2, "test": 0.2],
    ]
  }

  private typealias Item<Value> = Schedules.Part<DataSettings, Value>

  package static var block: Block<DataSettings> {
    // Sources read the table's settings for themselves.
    let settings = TableSettings.block(task: nil)
    let table = Item<DataPlaces>(settings.keys, settings.description.settings) { keys in
      TableSettings.block(task: task.read(keys)).decode(keys).map { _ in DataPlaces(in: keys) }
    }
    let source = Item<SourceSettings>.exactlyOne(\.train) { keys in
      let files = Form.block(files(keys))
      return sources(keys) + [
        Case("train", files, "Files of the training part alone.", wrap: { $0 }, unwrap: { $0 })
      ]
    }
    let split: Item<Shares?> = .optional(
      "split", { _ in nil }, .block(shares), absent: "no rows",
      examples: [["validation": 0.2, "test": 0.2], ["validation": 0.25, "test": 0.2]],
      "What is taken from the training source for parts without files of their own: stratified for "
        + "classes, whole samples of the parameters for solutions of equations.")
    let scaling: Item<Scaling> = .setting(
      "scale", \.scaling, .word("scale"), default: Scaling.none,
      "How inputs are scaled: fitted on the training part, stored in the checkpoint.")
    let targetScaling: Item<Scaling> = .setting(
      "scale_targets", \.targetScaling, .word("scale"), default: Scaling.none,
      beside: ["task": "regression"],
      "How targets of a regression are scaled; rmse and mae stay in original units, the loss is of scaled "
        + "targets.")
    let image: Item<ImageShape?> = .optional(
      "image", \.image, ImageShape.form, absent: "inputs are not pixels", omitted: true,
      changesResult: false, examples: [[1, 5], [5, 1]],
      "Rows and columns of the image that the inputs are, row by row, `[28, 28]`: reports show what the "
        + "first layer looks at. Generated images bring theirs.")
    let storage: Item<DataStorage?> = .optional(
      "storage", { $0.storage == .memory ? nil : $0.storage }, .word("storage"), absent: "memory",
      omitted: true, changesResult: false, examples: ["memory", "file"],
      "Where inputs are while they are learnt: in memory, or in their file, for data that are larger than it. "
        + "An NPY or IDX file that is not compressed stays where it is.")
    let shard: Item<Bool?> = .optional(
      "shard", { $0.isSharded ? true : nil }, .boolean(), absent: "false", omitted: true,
      changesResult: false,
      "Whether each rank of an MPI job holds its share of the rows alone, in memory, for data that no rank has "
        + "the memory for. Without `mpirun` it is `storage: file`.")
    let order: Item<BlockOrder?> = .optional(
      "order", \.blocks, .block(BlockOrder.block), absent: "all samples are shuffled",
      omitted: true,
      examples: [["block": 4096, "mixed": 8]],
      "How trainings go through the samples, for `storage: file` on a disk that is slow at reading single "
        + "rows.")
    let block = Block<DataSettings>(
      "data",
      "Where the rows come from, what is learnt from them, and how they are divided and scaled. Files "
        + "may be compressed (.gz, .zst); their paths are relative to the schedule's folder.",
      source, part("validation"), part("test"), table, task, split, scaling, targetScaling,
      image, storage, shard, order,
      check: { keys, _, _, _, _, task, split, _, targetScaling, _, _, shard, _ in
        if task == .classification, let targetScaling, targetScaling != .none {
          keys["scale_targets"]?.report(
            RelationFault.notForTask("scale_targets", task: "classification"))
        }
        if shard ?? nil == true, let storage = keys["storage"] {
          keys["shard"]?.report(KeyFault.conflict(with: storage.path))
        }
        check(keys, split ?? nil)
      },
      make: {
        train, validation, test, places, task, split, scaling, targetScaling, image, storage,
        isSharded,
        blocks in
        func share(_ size: PartSize?) -> Part { size.map { .share($0) } ?? .absent }
        return DataSettings(
          train: train, validation: validation ?? share(split?.validation),
          test: test ?? share(split?.test), rule: split?.rule ?? .shuffle, task: task,
          scaling: scaling,
          targetScaling: targetScaling, image: image ?? train.image, storage: storage ?? .memory,
          isSharded: isSharded ?? false, blocks: blocks, places: places)
      })
    return Block(block.keys, block.description, decode: block.decode) {
      $0.json(paths: true).objectValue ?? [:]
    }
  }

  private static var task: Item<LearningTask> {
    .setting("task", \.task, .word("task"), "What is learnt.")
  }

  /// The sources that `keys` admit; nil for all there are.
  private static func sources(_ keys: KeyedFields?) -> [Case<SourceSettings>] {
    let task = keys.flatMap(task.read)
    return SourceSettings.cases(task: task) {
      keys.flatMap(TableSettings.block(task: task).decode)
    }
  }

  /// Files of one part.
  private static func files(_ keys: KeyedFields?) -> Block<SourceSettings> {
    Block(
      "files of a part", "In place of one source that is split.",
      .exactlyOne({ $0 }) { _ in sources(keys) }
    ) { $0 }
  }

  /// A part with files of its own.
  private static func part(_ name: String) -> Item<Part?> {
    .optional(
      name, { _ in nil },
      Form.block(files(nil)).map({ source, _ in .source(source) }) { part in
        if case .source(let source) = part { source } else { preconditionFailure("has files") }
      },
      absent: "what `split` says", beside: ["train": ["csv": "a.csv"]],
      "Files of the \(name) part; beside `train`."
    ) { field, keys in
      files(keys).read(field).map { .source($0) }
    }
  }

  /// Reports keys that do not go together with the source of the training part, or its shares.
  private static func check(_ keys: KeyedFields, _ shares: Shares?) {
    for (name, share) in [("validation", shares?.validation), ("test", shares?.test)] {
      if share != nil, let own = keys[name] {
        keys["split"]?.report(KeyFault.conflict(with: own.path))
      }
    }
    let kinds = sources(nil).map(\.setting.key)
    let stated = (kinds + ["train"]).filter { keys[$0] != nil }
    guard stated.count == 1, let key = stated.first else { return }
    func refuse(_ refused: [String], beside kind: String) {
      for key in refused {
        keys[key]?.report(KeyFault.conflict(with: keys.field.path + "." + kind))
      }
    }
    if key != "train" { refuse(["validation", "test"], beside: key) }
    let kind = key == "train" ? kinds.first { keys[key]?.member($0) != nil } : key
    let isTable = DataFormats.all.contains { $0.isTable && $0.name == kind }
    // Generated rows are the same every night; arrays have no columns to name.
    let isSplitAdmitted =
      switch shares?.rule {
      case .content: kind != "generate"
      case .column: isTable
      case .shuffle, nil: true
      }
    if let kind, !isSplitAdmitted {
      keys["split"]?.member("by")?.report(KeyFault.conflict(with: keys.field.path + "." + kind))
    }
    if kind == "generate" { refuse(["storage", "shard"], beside: "generate") }
    if let kind, !isTable {
      refuse(
        TableSettings.block(task: nil).keys.filter {
          $0 != "missing" || kind == "generate"
        },
        beside: kind)
      // Arrays have no texts.
      for policy in ColumnSettings.Missing.allCases {
        keys["missing"]?.member(policy.rawValue)?.member("markers")?
          .report(KeyFault.conflict(with: keys.field.path + "." + kind))
      }
    }
  }

  /// What is split off.
  private struct Shares {
    let validation: PartSize?
    let test: PartSize?
    let rule: SplitRule
  }

  private static var shares: Block<Shares> {
    let validation: Schedules.Part<Shares, PartSize?> = .optional(
      "validation", \.validation, PartSize.form, absent: "none", "The share of the validation part."
    )
    let test: Schedules.Part<Shares, PartSize?> = .optional(
      "test", \.test, PartSize.form, absent: "none", "The share of the test part.")
    let rule: Schedules.Part<Shares, SplitRule> = .setting(
      "by", \.rule, SplitRule.form, default: .shuffle,
      examples: ["shuffle", "content", ["column": "patient"]], beside: ["test": .number(0.2)],
      "shuffle: the seed and the number of rows, with exact shares, stratified by class. content: "
        + "what stands in the row, so that it stays in its part when other rows come or go. "
        + "`{column: NAME}`: what stands in that column, so that rows of one key lie on one side; shares of "
        + "both are about right.")
    return Block(
      "data split", "Shares of the training source: fractions, or whole numbers of rows.",
      validation, test, rule,
      check: { keys, validation, test, rule in
        check(keys, [("validation", validation ?? nil), ("test", test ?? nil)], rule)
      },
      make: { Shares(validation: $0, test: $1, rule: $2) })
  }

  private static func check(
    _ keys: KeyedFields, _ shares: [(key: String, size: PartSize?)], _ rule: SplitRule?
  ) {
    var total = 0.0
    for (key, size) in shares {
      switch size {
      case .fraction(let fraction): total += fraction
      case .rows(let rows) where rule?.keepsSides == true:
        keys[key]?.report(
          .outOfRange("\(rows)", allowed: "fractions, beside by: content or {column: …}"))
      case .rows, nil: break
      }
    }
    if total >= 1 { keys.field.report(RelationFault.splitTakesAll(total: "\(total)")) }
  }
}

extension PartSize {
  /// A fraction with a point, or a whole number of rows.
  fileprivate static var form: Form<PartSize> {
    Form(.either([.number(.openUnit), .integer(1...Int.max)])) { field in
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
    } write: {
      $0.json
    }
  }

  /// The share as a schedule has it.
  var json: JSONValue {
    switch self {
    case .fraction(let fraction): JSONValue(fraction)
    case .rows(let rows): JSONValue(rows)
    }
  }
}
