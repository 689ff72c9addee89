/// What decides in which part a row of the training source is.
package enum SplitRule: String, Sendable, CaseIterable {
  /// The seed and the number of rows: exact shares, stratified by class.
  case shuffle
  /// What stands in the row, and the seed: it stays in its part when other rows come or go.
  case content
}
