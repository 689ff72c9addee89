extension DatasetError {
  /// What can be wrong with the text of a CSV file, or with the columns selected in it.
  package enum CSVProblem: Equatable, Sendable {
    case notUTF8(row: Int)
    case raggedRow(row: Int, expected: Int, actual: Int)
    case unterminatedQuote(row: Int)
    case textAfterQuote(row: Int)
    /// The first label is text where others are numbers, so the row may be a header.
    case uncertainHeader(label: String)
    case columnNotFound(name: String, nearest: String?)
    case columnNameRepeated(name: String)
    case columnOutOfRange(index: Int, columns: Int)
    case nameWithoutHeader(name: String)
    case columnSelectedTwice(DataColumn)
  }
}

extension DatasetError.CSVProblem: CustomStringConvertible {
  /// Where in the file, what is wrong and what to do, to follow the file's name.
  package var description: String {
    switch self {
    case .notUTF8(let row):
      ", row \(row): the text is not UTF-8; save the file in that encoding"
    case .raggedRow(let row, let expected, let actual):
      ", row \(row): there \(actual == 1 ? "is 1 field" : "are \(actual) fields") where the first "
        + "row has \(expected); correct the row, or check the delimiter"
    case .unterminatedQuote(let row):
      ", row \(row): a quoted field has no closing quote; add it"
    case .textAfterQuote(let row):
      ", row \(row): text follows the closing quote of a field; "
        + "write a quote inside a quoted field twice"
    case .uncertainHeader(let label):
      ", row 1: the label \(excerpt(label)) is text where others are numbers; correct it, "
        + "or say whether the row is a header"
    case .columnNotFound(let name, let nearest):
      ": there is no column \(excerpt(name)); "
        + (nearest.map { "did you mean \(excerpt($0))?" } ?? "check the names in the first row")
    case .columnNameRepeated(let name):
      ": several columns are named \(excerpt(name)); select one by its index, counted from 0"
    case .columnOutOfRange(let index, let columns):
      ": there is no column \(index); choose an index from 0 to \(columns - 1), or last"
    case .nameWithoutHeader(let name):
      ": the column \(excerpt(name)) is selected by name in a file without a header; "
        + "select it by its index, counted from 0"
    case .columnSelectedTwice(let column):
      ": \(column) is selected twice; name each column once"
    }
  }
}
