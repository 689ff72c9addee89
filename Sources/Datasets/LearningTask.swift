/// What a network learns from a data set.
package enum LearningTask: String, Sendable, CaseIterable {
  /// One class a row.
  case classification
  /// One or more numbers a row.
  case regression
}
