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

  /// Reads `label`, `header` and `delimiter`; nil where something is wrong.
  init?(decoding keys: KeyedFields, task: LearningTask?) {
    let labels = keys["label"].map { Self.labels($0, task: task) } ?? [.last]
    let header = keys.optional("header") { $0.boolean() }
    let delimiter = keys["delimiter"].map(Self.delimiter) ?? .comma
    guard let labels, let header, let delimiter else { return nil }
    self.labels = labels
    format = CSVFormat(delimiter: delimiter, header: header)
  }

  private static func labels(_ field: Field, task: LearningTask?) -> [ColumnSelector]? {
    guard case .list = field.node.content else { return label(field).map { [$0] } }
    guard let items = field.list(of: "columns") else { return nil }
    guard !items.isEmpty else {
      field.report(.emptyList(of: "column"))
      return nil
    }
    if items.count > 1, task == .classification {
      field.report(RelationFault.notForTask("a list of several labels", task: "classification"))
      return nil
    }
    let labels = items.map(label)
    return labels.contains(nil) ? nil : labels.compactMap { $0 }
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

  private static func delimiter(_ field: Field) -> CSVFormat.Delimiter? {
    let names: [(String, CSVFormat.Delimiter)] = [
      ("comma", .comma), ("semicolon", .semicolon), ("tab", .tab), ("bar", .bar),
    ]
    guard let text = field.string("a delimiter")?.value else { return nil }
    if let delimiter = CSVFormat.Delimiter(rawValue: text) { return delimiter }
    if let (_, delimiter) = names.first(where: { $0.0 == text }) { return delimiter }
    field.report(.unknownWord(text, what: "delimiter", among: names.map(\.0)))
    return nil
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
