/// What decides in which part a row of the training source is.
package enum SplitRule: Sendable, Equatable {
  /// The seed and the number of rows: exact shares, stratified by class.
  case shuffle
  /// What stands in the row, and the seed: it stays in its part when other rows come or go.
  case content
  /// What stands in one column of a table, and the seed: rows of one key are in one part, whatever rows
  /// there are beside them. The column may be an input, or one that is left out; it is not the target.
  case column(ColumnSelector)

  /// Whether a row stays in its part when other rows come or go.
  package var keepsSides: Bool { self != .shuffle }

  /// The column of the key; nil where there is none.
  var key: ColumnSelector? {
    if case .column(let selector) = self { selector } else { nil }
  }
}
