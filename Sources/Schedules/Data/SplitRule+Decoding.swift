import Datasets
import Storage

extension SplitRule {
  /// A word, or the column of a key.
  static var form: Form<SplitRule> {
    let words: [(String, SplitRule)] = [("shuffle", .shuffle), ("content", .content)]
    let names = words.map(\.0)
    let allowed = names + ["{column: NAME}"]
    return Form(.either([.words(names), .block(key.description)])) { field in
      if case .mapping = field.node.content { return key.read(field) }
      guard let text = field.string("one of: \(listed(allowed))")?.value else { return nil }
      if let rule = words.first(where: { $0.0 == text })?.1 { return rule }
      field.report(.unknownWord(text, what: "rule", among: allowed))
      return nil
    } write: { rule in
      if case .column = rule { return .object(key.encode(rule)) }
      return .string(words.first { $0.1 == rule }?.0 ?? "")
    }
  }

  private static var key: Block<SplitRule> {
    let column: Part<ColumnSelector, ColumnSelector> = .setting(
      "column", \.self, ColumnSelection.one, examples: ["patient", 0],
      "The column of the key: `last`, an index from 0, or a name. It may be an input, or one of `ignore`; "
        + "not the target. Keys are compared as they are written; a row without one is an error, or is "
        + "left out by `missing: drop`.")
    return Block("split by column", "Rows of one key lie on one side.", column, make: { $0 })
      .map({ .column($0) }) { rule in
        guard case .column(let selector) = rule else { preconditionFailure("has a column") }
        return selector
      }
  }
}
