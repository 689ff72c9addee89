import NeuralNetworks
import NumericCore

/// A file of inputs without targets, as `predict` takes it, of a format that is told by its content.
package enum InputFile {
  /// All rows of a file.
  /// - Parameters:
  ///   - reference: a path, or `FILE.npz:ENTRY`.
  ///   - format: the layout, for a CSV.
  ///   - ignored: columns that are no inputs, for a CSV, beside those that the model knows.
  ///   - interface: of the model that the rows are for: its columns are found by name, and what is left
  ///     open is as it was.
  ///   - limit: largest file, and largest decompressed content, in bytes.
  /// - Returns: [rows, features], and the names of the features where the file has them.
  /// - Throws: `DatasetError`.
  package static func read(
    _ reference: String, format: CSVFormat = CSVFormat(), ignoring ignored: [ColumnSelector] = [],
    interface: ModelInterface? = nil, limit: Int = DataFile.defaultLimit
  ) throws(DatasetError) -> (inputs: Matrix, names: [String]?) {
    let content = try DataFile.content(ArrayFile(reference).path, limit: limit)
    return try DataFormats.recognized(reference, content).inputs(
      content, of: reference, layout: format, ignoring: ignored, interface: interface,
      limit: limit)
  }
}
