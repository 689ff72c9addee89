import Storage

/// What is wrong with data: the facts, rendered by `description`.
///
/// Lines of a text count from 1 as an editor shows them, the header and blank lines included; columns
/// count from 0 as a schedule selects them; elements of an array as NumPy takes them.
package enum DatasetError: Error, Equatable, Sendable {
  /// A file as a whole.
  case file(String, FileProblem)
  /// One value of a file.
  case value(String, ValuePlace, ValueProblem)
  /// A column of a file.
  case column(String, DataColumn, ColumnProblem)
  /// The classes of a file's labels.
  case classes(String, ClassProblem)
  /// Several at once, all of one file: the first of them, and how many there are.
  case several(String, [DatasetError], count: Int)
  /// Of several files, in order.
  case files([DatasetError])
  /// A setting that the data do not allow, whatever file they are in.
  case setting(DataSetting, problem: String)
  /// What a file does not have that a setting asks for.
  indirect case selecting(DataSetting, DatasetError)
  /// What is wrong with a file, and where a schedule names it.
  indirect case named(at: String, DatasetError)
  /// Anything else, on which only a person acts: where it is, what is wrong and what to do.
  case other(place: String, problem: String)

  /// Something in the file `file`, where known in its line `line`.
  static func at(_ file: String, line: Int? = nil, _ problem: String) -> DatasetError {
    .other(place: file + (line.map { ", line \($0)" } ?? ""), problem: problem)
  }
}

extension DatasetError {
  /// Whether an input is not there at all, rather than wrong.
  package var isMissingFile: Bool {
    switch self {
    case .file(_, .missing): true
    case .named(_, let error), .selecting(_, let error): error.isMissingFile
    case .files(let errors): errors.allSatisfy(\.isMissingFile)
    default: false
    }
  }

  /// Whether the data are right as far as they were read, and the machine does not take what is made of them.
  package var isOfWriting: Bool {
    switch self {
    case .file(_, .unwritten): true
    case .named(_, let error): error.isOfWriting
    case .files(let errors): errors.contains(where: \.isOfWriting)
    default: false
    }
  }

  /// The file, or another place, at which something is wrong.
  package var place: String {
    switch self {
    case .file(let file, _), .value(let file, _, _), .column(let file, _, _),
      .classes(let file, _), .several(let file, _, _):
      file
    case .named(_, let error), .selecting(_, let error): error.place
    case .setting(let setting, _): setting.keys.joined(separator: ": ")
    case .files(let errors): errors.first?.place ?? ""
    case .other(let place, _): place
    }
  }
}

extension DatasetError: CustomStringConvertible {
  /// One sentence: where, what, and what to do. Several problems stand below one another, and what to
  /// do about each kind of them behind.
  package var description: String {
    switch self {
    case .file(let file, let problem): "\(file): \(problem)"
    case .value(let file, let place, let problem): "\(file), \(place): \(problem)"
    case .column(let file, let column, let problem): "\(file): \(problem.text(of: column))"
    case .classes(let file, let problem): "\(file)\(problem)"
    case .several(let file, let shown, let count): Self.list(file, shown, count)
    case .setting(_, let problem): "\(place): \(problem)"
    case .selecting(_, let error): "\(error)"
    case .named(let place, let error): "\(place): \(error)"
    case .files(let errors): errors.map(\.description).joined(separator: "\n")
    case .other(let place, let problem): "\(place): \(problem)"
    }
  }

  private static func list(_ file: String, _ shown: [DatasetError], _ count: Int) -> String {
    let isArray = shown.allSatisfy(\.isOfElement)
    var lines = [
      "\(file): there are \(count) problems "
        + (isArray
          ? "(elements are counted from 0)" : "(lines are counted as an editor counts them)")
    ]
    var advice: [String] = []
    for problem in shown {
      if case .value(_, let place, let value) = problem {
        lines.append("  \(place): \(value.fact)")
        let text = "  \(value.kind): \(value.advice)"
        if !advice.contains(text) { advice.append(text) }
      } else if case .column(_, let column, let whole) = problem,
        case .missing(_, _, let kind) = whole
      {
        lines.append("  " + whole.missingFact(of: column))
        let value = DatasetError.ValueProblem.missing(text: "", kind)
        let text = "  \(value.kind): \(value.advice)"
        if !advice.contains(text) { advice.append(text) }
      } else {
        let text = problem.description
        let isHere = text.hasPrefix(file)
        lines.append(
          "  " + (isHere ? text.dropFirst(file.count).drop { ":, ".contains($0) } : text[...]))
      }
    }
    let more = count - shown.reduce(0) { $0 + $1.problems }
    if more > 0 { lines.append("  and \(more) more") }
    return (lines + advice).joined(separator: "\n")
  }
}

extension DatasetError {
  /// How many problems it tells of.
  fileprivate var problems: Int {
    if case .column(_, _, .missing(let count, _, _)) = self { count } else { 1 }
  }

  /// Whether it is about an element of an array.
  fileprivate var isOfElement: Bool {
    switch self {
    case .value(_, .element, _), .classes(_, .notWhole(.element, text: _)),
      .classes(_, .unseenLabel(.element, label: _, training: _, alike: _)):
      true
    default: false
    }
  }
}

extension DatasetError.ValueProblem {
  /// The kind of problem, to be followed by what to do about it.
  fileprivate var kind: String {
    switch self {
    case .missing(_, .target), .missing(_, .label): "for a missing target"
    case .missing: "for a missing value"
    case .notNumeric: "for what is not a number"
    case .notFinite: "for what is not finite"
    case .tooLarge: "for what is too large"
    case .unknownLevel: "for an unknown level"
    case .noKey: "for a missing key"
    }
  }
}

/// A column in a message: its position from 0 and its name, where the file has names.
package struct DataColumn: Equatable, Sendable {
  package let index: Int
  package let name: String?

  package init(index: Int, name: String? = nil) {
    self.index = index
    self.name = name
  }
}

extension DataColumn: CustomStringConvertible {
  /// `column "age"`, `column 3 (no name)`, or `column 3 (counted from 0)` in a file without names.
  package var description: String {
    switch name {
    case nil: "column \(index) (counted from 0)"
    case "": "column \(index) (no name)"
    case let name?: "column \(excerpt(name))"
    }
  }
}

/// Text of a file in quotes, on one line and at most 40 characters of it.
package func excerpt(_ text: String) -> String { text.quotedExcerpt }

/// Texts in quotes, at most `limit` of them, and how many more there are.
func excerpts(_ texts: [String], limit: Int = 8) -> String {
  let more = texts.count - limit
  return texts.prefix(limit).map(excerpt).joined(separator: ", ")
    + (more > 0 ? " and \(more) more" : "")
}
