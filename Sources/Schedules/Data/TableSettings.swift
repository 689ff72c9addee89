import Datasets
import Storage

/// How CSV files are read: which columns are the labels and the inputs, and how the text is laid out.
///
/// `label: last`, an index counted from 0, a name, or for regression a list of these; in quotes, a
/// number or `last` is a name. Without `header` and `delimiter`, the file itself shows them.
struct TableSettings {
  /// The columns of the targets; none for those of a model to start from, or the last one.
  let labels: [ColumnSelector]
  let columns: ColumnSettings
  let format: CSVFormat

  /// What holds for arrays too.
  var ofArrays: TableSettings {
    TableSettings(
      labels: [], columns: ColumnSettings(missing: columns.missing), format: CSVFormat())
  }

  package static func block(task: LearningTask?) -> Block<TableSettings> {
    let label: Part<TableSettings, [ColumnSelector]> = .setting(
      "label", \.labels, labels(task: task), default: [],
      said: "last, or that of the model to start from", examples: ["last", 0, "price"],
      "The column of the target: `last`, an index from 0, or a name (a number in quotes is a name); for "
        + "regression also a list of them.")
    let inputs: Part<TableSettings, [ColumnSelector]?> = .optional(
      "inputs", \.columns.inputs, ColumnSelection.form, absent: "all columns that are left",
      examples: [["age", "height*"], ["age"]],
      "The columns of the inputs, in this order: names, patterns with `*` and `?`, or indices from 0."
    )
    let ignored: Part<TableSettings, [ColumnSelector]> = .setting(
      "ignore", \.columns.ignored, ColumnSelection.form, default: [], said: "none",
      examples: [["id", "*_note"], [0]],
      "Columns that are left out: names, patterns with `*` and `?`, or indices from 0.")
    let delimiter: Part<TableSettings, CSVFormat.Delimiter?> = .setting(
      "delimiter", \.format.delimiter, Self.delimiter, default: .some(nil),
      said: "`auto`: the first lines show it", examples: ["comma", "tab"],
      "What stands between columns.")
    let decimal: Part<TableSettings, CSVFormat.DecimalSign?> = .optional(
      "decimal", \.format.decimal, Self.decimal,
      absent: "point, or that of the model to start from", examples: ["comma", "point"],
      "What stands between the whole and the fraction of a number.")
    let categorical: Part<TableSettings, ColumnSettings.UnknownLevel?> = .optional(
      "categorical", \.columns.oneHot, Self.categorical, absent: "text in an input is an error",
      "How columns of text are taken as inputs: all of them, with the levels that the training source "
        + "has, in the order of their bytes.")
    return Block(
      "CSV files", "How the text of CSV files is read.", label, inputs, ignored,
      .optional(
        "header", \.format.header, .boolean(), absent: "the file shows it",
        "Whether the first line has the names of the columns."),
      delimiter, decimal, categorical, MissingSettings.part,
      check: { keys, _, inputs, ignored, _, _, _, _, _ in
        if (inputs ?? nil) != nil, ignored?.isEmpty == false, let place = keys["ignore"] {
          place.report(KeyFault.conflict(with: keys["inputs"]?.path ?? "inputs"))
        }
      },
      make: { labels, inputs, ignored, header, delimiter, decimal, oneHot, missing in
        TableSettings(
          labels: labels,
          columns: ColumnSettings(
            inputs: inputs, ignored: ignored, oneHot: oneHot, missing: missing.policy,
            dropsTargets: missing.dropsTargets, markers: missing.markers),
          format: CSVFormat(delimiter: delimiter, header: header, decimal: decimal))
      })
  }

  private static func labels(task: LearningTask?) -> Form<[ColumnSelector]> {
    let column = ColumnSelection.one
    let several = column.list(of: "columns", 1...Int.max) { count, field in
      if count == 0 {
        field.report(.emptyList(of: "column"))
      } else if count > 1, task == .classification {
        field.report(RelationFault.notForTask("a list of several labels", task: "classification"))
      } else {
        return true
      }
      return false
    }
    return Form(.either([column.shape, several.shape])) { field in
      if case .list = field.node.content { return several.read(field) }
      return column.read(field).map { [$0] }
    } write: {
      $0.isEmpty ? .null : several.write($0)
    }
  }

  private static var delimiter: Form<CSVFormat.Delimiter?> {
    let words = CSVFormat.Delimiter.allCases.map { ($0.word, $0) }
    return Form(
      .either([
        .words(["auto"] + words.map(\.0)), .words(CSVFormat.Delimiter.allCases.map(\.rawValue)),
      ])
    ) { field in
      guard let text = field.string("a delimiter")?.value else { return nil }
      if text == "auto" { return .some(nil) }
      if let delimiter = CSVFormat.Delimiter(rawValue: text) { return delimiter }
      if let (_, delimiter) = words.first(where: { $0.0 == text }) { return delimiter }
      field.report(.unknownWord(text, what: "delimiter", among: ["auto"] + words.map(\.0)))
      return nil
    } write: {
      $0.map { .string($0.rawValue) } ?? .null
    }
  }

  private static var decimal: Form<CSVFormat.DecimalSign> {
    let words = CSVFormat.DecimalSign.allCases.map { ($0.word, $0) }
    return Form(
      .either([.words(words.map(\.0)), .words(CSVFormat.DecimalSign.allCases.map(\.rawValue))])
    ) { field in
      guard let text = field.string("one of: \(listed(words.map(\.0)))")?.value else { return nil }
      if let sign = CSVFormat.DecimalSign(rawValue: text) { return sign }
      if let (_, sign) = words.first(where: { $0.0 == text }) { return sign }
      field.report(.unknownWord(text, what: "decimal sign", among: words.map(\.0)))
      return nil
    } write: {
      .string($0.word)
    }
  }

  private static var categorical: Form<ColumnSettings.UnknownLevel> {
    let block = Block<ColumnSettings.UnknownLevel>(
      "categorical one_hot",
      "One input for each text that a column has: 1 for the text of a row, else 0.",
      .setting(
        "unknown", { $0 }, .word("treatment of unknown levels"), default: .error,
        "What becomes of a text that the training source does not have: an error, or zeros in all inputs "
          + "of its column."),
      make: { $0 })
    return .choice("treatment of text", [Case("one_hot", block, wrap: { $0 }, unwrap: { $0 })])
  }
}
