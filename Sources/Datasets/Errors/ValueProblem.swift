extension DatasetError {
  /// What can be wrong with one value.
  package enum ValueProblem: Equatable, Sendable {
    /// An empty field, or a word for it such as `NA`.
    case missing
    /// `firstRow`: the value stands in the first row, which was not taken for a header.
    case notNumeric(text: String, firstRow: Bool)
    /// NaN, an infinity or a number that Float32 cannot hold.
    case notFinite(text: String)
  }
}

extension DatasetError.ValueProblem: CustomStringConvertible {
  /// What is wrong and what to do, to follow the place of the value.
  package var description: String {
    switch self {
    case .missing:
      "the value is missing; fill it in or remove the row"
    case .notNumeric(let text, firstRow: false):
      "\(excerpt(text)) is not a number; correct it or remove the row"
    case .notNumeric(let text, firstRow: true):
      "\(excerpt(text)) is not a number; correct it, or say that the row is a header"
    case .notFinite(let text):
      "\(excerpt(text)) is not a finite 32-bit number; correct it or remove the row"
    }
  }
}
