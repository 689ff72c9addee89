import Datasets
import Storage

/// How CSV files are read: which columns are the labels, and how the text is laid out.
///
/// `label: last`, an index counted from 0, a name, or for regression a list of these; in quotes, a
/// number or `last` is a name. Without `header`, the file itself shows whether it has one.
struct TableSettings {
  /// The columns of the targets; the last one unless stated.
  let labels: [ColumnSelector]
  let format: CSVFormat

  package static func block(task: LearningTask?) -> Block<TableSettings> {
    let label: Part<TableSettings, [ColumnSelector]> = .setting(
      "label", \.labels, labels(task: task), default: [.last], examples: ["last", 0, "price"],
      "The column of the target: `last`, an index from 0, or a name (a number in quotes is a name); for "
        + "regression also a list of them.")
    let delimiter: Part<TableSettings, CSVFormat.Delimiter> = .setting(
      "delimiter", { $0.format.delimiter ?? .comma }, Self.delimiter, default: .comma,
      examples: ["comma", "tab"], "What stands between columns.")
    return Block(
      "CSV files", "How the text of CSV files is read.", label,
      .optional(
        "header", \.format.header, .boolean(), absent: "the file shows it",
        "Whether the first line has the names of the columns."),
      delimiter,
      make: { TableSettings(labels: $0, format: CSVFormat(delimiter: $2, header: $1)) })
  }

  private static func labels(task: LearningTask?) -> Form<[ColumnSelector]> {
    let column = Form(.text("last, the index of a column or its name"), label) { $0.json }
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
      several.write($0)
    }
  }

  private static func label(_ field: Field) -> ColumnSelector? {
    guard let text = field.string("last, the index of a column or its name")?.value else {
      return nil
    }
    guard case .scalar(_, isPlain: true) = field.node.content else { return .name(text) }
    if text == "last" { return .last }
    guard NumberSyntax(text) == .integer else { return .name(text) }
    guard let index = Int(text), index >= 0 else {
      field.report(.outOfRange(text, allowed: "last, an index counted from 0, or a name"))
      return nil
    }
    return .index(index)
  }

  private static var delimiter: Form<CSVFormat.Delimiter> {
    let names: [(String, CSVFormat.Delimiter)] = [
      ("comma", .comma), ("semicolon", .semicolon), ("tab", .tab), ("bar", .bar),
    ]
    return Form(
      .either([
        .words(names.map(\.0)), .words(CSVFormat.Delimiter.allCases.map(\.rawValue)),
      ])
    ) { field in
      guard let text = field.string("a delimiter")?.value else { return nil }
      if let delimiter = CSVFormat.Delimiter(rawValue: text) { return delimiter }
      if let (_, delimiter) = names.first(where: { $0.0 == text }) { return delimiter }
      field.report(.unknownWord(text, what: "delimiter", among: names.map(\.0)))
      return nil
    } write: {
      .string($0.rawValue)
    }
  }
}

extension ColumnSelector {
  /// The selector as a schedule has it; names in an object of their own, so that they are never
  /// taken for another selector.
  var json: JSONValue {
    switch self {
    case .last: "last"
    case .index(let index): JSONValue(index)
    case .name(let name): ["name": .string(name)]
    }
  }
}
