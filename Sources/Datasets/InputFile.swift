import NumericCore

/// A file of inputs without targets, as `predict` takes it, of a format that is told by its content.
package enum InputFile {
  /// All rows of a file.
  /// - Parameters:
  ///   - reference: a path, or `FILE.npz:ENTRY`.
  ///   - format: the layout, for a CSV.
  ///   - ignored: columns that are no inputs, for a CSV.
  ///   - limit: largest file, and largest decompressed content, in bytes.
  /// - Returns: [rows, features], and the names of the features where the file has them.
  /// - Throws: `DatasetError`.
  package static func read(
    _ reference: String, format: CSVFormat = CSVFormat(), ignoring ignored: [ColumnSelector] = [],
    limit: Int = DataFile.defaultLimit
  ) throws(DatasetError) -> (inputs: Matrix, names: [String]?) {
    let content = try DataFile.content(ArrayFile(reference).path, limit: limit)
    return try DataFormats.recognized(reference, content).inputs(
      content, of: reference, layout: format, ignoring: ignored, limit: limit)
  }
}
