import Storage

/// A form in which rows of numbers lie in files: one file or folder beside this one, and one line in
/// `DataFormats.all`.
package protocol DataFormat: Sendable {
  /// Its key in a schedule.
  var name: String { get }
  /// What its files are, in one sentence.
  var summary: String { get }
  /// What each file of a source is for, inputs first; empty where there is one file for all.
  var roles: [String] { get }
  /// Whether columns of the one file are selected as labels.
  var isTable: Bool { get }
  /// What the names of its files end in, compressed or not; empty where names do not tell it from
  /// others.
  var suffixes: [String] { get }

  /// The file that `reference` names, which may name a part of it.
  func path(of reference: String) -> String

  /// `reference` as the settings of a run have it, with `file` in the place of its path.
  func json(of reference: String, file: JSONValue) -> JSONValue

  /// Whether the content of the file that `reference` names, which begins with `start`, is of this
  /// format. What no format recognizes is a table.
  func recognizes(_ reference: String, start: [UInt8]) -> Bool

  /// All rows of a source.
  /// - Parameters:
  ///   - context: the classes and columns of the training part, where this is another part.
  ///   - limit: largest file, and largest decompressed content, in bytes.
  /// - Throws: `DatasetError`.
  func dataset(
    _ files: DataFiles, task: LearningTask, _ context: ReadingContext, limit: Int
  ) throws(DatasetError) -> Dataset

  /// All rows of a file without targets.
  /// - Parameters:
  ///   - content: of the file that `reference` names.
  ///   - request: layout and columns, for a table; what the model knows of its data.
  /// - Throws: `DatasetError`.
  func inputs(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> InputRows

  /// The targets in a file of their own.
  /// - Parameter request: with the task, and the classes where they are known.
  /// - Throws: `DatasetError`.
  func targets(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> TargetRows
}

extension DataFormat {
  package var isTable: Bool { false }
  package var suffixes: [String] { [] }
  package func path(of reference: String) -> String { reference }
  package func json(of reference: String, file: JSONValue) -> JSONValue { file }
}

/// All formats of data in files.
package enum DataFormats {
  /// In the order in which messages list them.
  package static let all: [any DataFormat] = [CSVFiles(), IDXFiles(), NumPyFiles()]

  /// The bytes by which a format is recognized.
  static let startLength = 8

  /// The format that is recognized by the name of `reference`, compressed or not; nil for none.
  package static func named(_ reference: String) -> (any DataFormat)? {
    all.first { format in
      let path = format.path(of: reference)
      return format.suffixes.contains { suffix in
        ["", ".gz", ".zst"].contains { path.hasSuffix(suffix + $0) }
      }
    }
  }

  /// Whether the name of `reference` is one that arrays have.
  package static func isNamedArray(_ reference: String) -> Bool {
    named(reference).map { !$0.isTable } ?? false
  }

  /// Whether the name of `reference` is one that tables have.
  static func isNamedTable(_ reference: String) -> Bool {
    ["csv", "tsv", "txt"].contains { suffix in
      ["", ".gz", ".zst"].contains { reference.lowercased().hasSuffix("." + suffix + $0) }
    }
  }

  /// The format that is recognized by the content of the file that `reference` names.
  static func recognized(
    _ reference: String, _ content: FileContent
  ) throws(DatasetError) -> any DataFormat {
    let start = try content.prefix(startLength)
    return all.first { $0.recognizes(reference, start: start) } ?? CSVFiles()
  }
}
