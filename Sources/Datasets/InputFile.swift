import NeuralNetworks
import NumericCore
import Storage

/// Raw inputs without targets.
package struct InputRows: Sendable, Equatable {
  /// [rows, features].
  package var inputs: DataMatrix
  /// The names of the features, where the file has them.
  package let names: [String]?
  /// How the rows of a table were read, for a model that is made from them; nil where nothing is known.
  package let interface: ModelInterface?
  /// Sentences about these rows that the user should see once.
  package var notes: [String]
  /// Sentences about values that float32 loses, of which the user should be warned.
  package internal(set) var warnings: [String] = []
  /// Rows with a missing value for which nothing stands, in order; their inputs say nothing.
  package let incomplete: [Int32]
  /// Numbers that float32 does not hold as they are written.
  let large: [LargeNumber]

  init(
    _ inputs: DataMatrix, names: [String]? = nil, interface: ModelInterface? = nil,
    notes: [String] = [], incomplete: [Int32] = [], large: [LargeNumber] = []
  ) {
    self.large = large
    self.interface = interface
    self.inputs = inputs
    self.names = names
    self.notes = notes
    self.incomplete = incomplete
  }
}

extension InputRows {
  /// What the user should see of these rows.
  package var notices: [Notice] { notes.map(Notice.note) + warnings.map(Notice.warning) }
}

/// Targets in a file of their own.
package struct TargetRows: Sendable, Equatable {
  package let targets: Dataset.Targets
  /// Sentences about them that the user should see once.
  package var notes: [String] = []
}

/// A file of inputs without targets, as `predict` takes it, of a format that is told by its content.
package enum InputFile {
  /// All rows of a file.
  /// - Parameters:
  ///   - reference: a path, or `FILE.npz:ENTRY`.
  ///   - format: the layout, for a CSV.
  ///   - ignored: columns that are no inputs, for a CSV.
  ///   - markers: the texts that stand for a missing value in a CSV; nil for those of the model, or the
  ///     usual ones.
  ///   - keepingRows: whether rows are kept that would be left out for a missing value.
  ///   - interface: what the model knows of its data; columns of a CSV are told by it.
  ///   - leavesArrays: whether the rows of an array stay in its file where they can be read there.
  ///   - limit: largest file, and largest decompressed content, in bytes.
  /// - Throws: `DatasetError`.
  package static func read(
    _ reference: String, format: CSVFormat = CSVFormat(), ignoring ignored: [ColumnSelector] = [],
    markers: [String]? = nil, keepingRows: Bool = false, interface: ModelInterface? = nil,
    leavesArrays: Bool = false, limit: Int = DataFile.defaultLimit
  ) throws(DatasetError) -> InputRows {
    let content = try DataFile.content(ArrayFile(reference).path, limit: limit)
    let reader = try DataFormats.recognized(reference, content)
    func rows(_ storage: DataStorage) throws(DatasetError) -> InputRows {
      try reader.inputs(
        content, of: reference,
        TableRequest(
          format: format, columns: ColumnSettings(ignored: ignored, markers: markers),
          context: ReadingContext(interface: interface, storage: storage), keepsRows: keepingRows),
        limit: limit)
    }
    // What cannot be read where it lies is read into memory, or is wrong there as well.
    var found = leavesArrays && !reader.isTable ? try? rows(.file) : nil
    if found == nil { found = try rows(.memory) }
    guard var read = found else { preconditionFailure("what cannot be read is an error") }
    if !reader.isTable, let note = unusedMarkers(interface, in: reference) {
      read.notes.append(note)
    }
    return read
  }
}

extension InputFile {
  /// A sentence where a model takes numbers of a table for missing values, and the rows are an array's.
  private static func unusedMarkers(_ interface: ModelInterface?, in file: String) -> String? {
    guard let texts = interface?.missingMarkers else { return nil }
    let numbers = texts.filter { MissingMarkers([$0]).haveNumbers }
    guard !numbers.isEmpty else { return nil }
    return
      "\(file): in an array NaN alone stands for a missing value; \(numbers.joined(separator: ", ")), which \(numbers.count == 1 ? "stands" : "stand") "
      + "for one in the tables of the model, \(numbers.count == 1 ? "is a number" : "are numbers") here"
  }
}
