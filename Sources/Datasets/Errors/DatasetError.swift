/// What is wrong with data: the facts, rendered by `description`.
///
/// Rows count from 1 as a spreadsheet shows them (in a CSV the header counts); columns count
/// from 0 as a schedule selects them.
package enum DatasetError: Error, Equatable, Sendable {
  /// A file as a whole.
  case file(String, FileProblem)
  /// One value of a file.
  case value(String, row: Int, column: DataColumn, ValueProblem)
  /// The classes of a file's labels.
  case classes(String, ClassProblem)
  /// Anything else, on which only a person acts: where it is, what is wrong and what to do.
  case other(place: String, problem: String)

  /// Something in the file `file`, where known in its row `row`.
  static func at(_ file: String, row: Int? = nil, _ problem: String) -> DatasetError {
    .other(place: file + (row.map { ", row \($0)" } ?? ""), problem: problem)
  }
}

extension DatasetError {
  /// Whether an input is not there at all, rather than wrong.
  package var isMissingFile: Bool {
    if case .file(_, .missing) = self { true } else { false }
  }
}

extension DatasetError: CustomStringConvertible {
  /// One sentence: where, what, and what to do.
  package var description: String {
    switch self {
    case .file(let file, let problem): "\(file): \(problem)"
    case .value(let file, let row, let column, let problem):
      "\(file), row \(row), \(column): \(problem)"
    case .classes(let file, let problem): "\(file)\(problem)"
    case .other(let place, let problem): "\(place): \(problem)"
    }
  }
}

/// A column in a message: its position from 0 and its name, where there is one.
package struct DataColumn: Equatable, Sendable {
  package let index: Int
  package let name: String?

  package init(index: Int, name: String? = nil) {
    self.index = index
    self.name = name
  }
}

extension DataColumn: CustomStringConvertible {
  /// `column "age"`, or `column 3 (counted from 0)`.
  package var description: String {
    name.map { "column \(excerpt($0))" } ?? "column \(index) (counted from 0)"
  }
}

/// Text of a file in quotes, on one line and at most 40 characters of it.
func excerpt(_ text: String) -> String {
  let shown = text.unicodeScalars.prefix(40).map { scalar in
    scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return "\"" + shown.joined() + (text.unicodeScalars.count > 40 ? "…" : "") + "\""
}
