/// A number of a table that float32 does not hold as it is written. Whether it can be learnt is known when it is
/// scaled.
struct LargeNumber: Sendable, Equatable {
  /// What a number is to a network, by its place among such.
  enum Use: Sendable, Equatable {
    case input(Int)
    case target(Int)
  }

  /// Among the rows that are kept, from 0.
  let row: Int
  let use: Use
  /// Where it stands in the text.
  let line: Int
  let column: DataColumn
  /// As it is written.
  let text: String

  /// Such numbers of a table that are remembered; the first one alone is told.
  static let most = 64

  /// The same, behind `rows` others.
  func behind(_ rows: Int) -> LargeNumber {
    LargeNumber(row: rows + row, use: use, line: line, column: column, text: text)
  }
}

extension [LargeNumber] {
  /// What is wrong with the number of `row` that is `use` in `file`; nil where it is none of these.
  func error(in file: String, row: Int, _ use: LargeNumber.Use) -> DatasetError? {
    first { $0.row == row && $0.use == use }.map {
      .value(file, .line($0.line, $0.column), .tooLarge(text: $0.text))
    }
  }
}
