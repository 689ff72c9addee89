import Datasets
import Storage

/// Columns of a table as a schedule selects them.
enum ColumnSelection {
  /// One column: `last`, an index or a name; in quotes a name.
  static var one: Form<ColumnSelector> {
    Form(.text("last, the index of a column or its name"), selector) { $0.json }
  }

  /// One or several, with patterns.
  static var form: Form<[ColumnSelector]> {
    let several = one.list(of: "columns", 1...Int.max) { count, field in
      if count == 0 { field.report(.emptyList(of: "column")) }
      return count > 0
    }
    return Form(.either([several.shape, one.shape])) { field in
      if case .list = field.node.content { return several.read(field) }
      return one.read(field).map { [$0] }
    } write: {
      several.write($0)
    }
  }

  private static func selector(_ field: Field) -> ColumnSelector? {
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
