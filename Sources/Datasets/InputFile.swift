import NumericCore

/// A file of inputs without targets, as `predict` takes it: NPY, NPZ, IDX or CSV, told apart by
/// content.
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
    let file = ArrayFile(reference)
    let content = try DataFile.content(file.path, limit: limit)
    let start = try content.prefix(NPY.magicLength)
    if file.entry == nil, NPY.matches(start) {
      return (try NPY.array(content, file: file.path).matrix(role: .inputs), nil)
    }
    // No text and no archive begins with a zero byte.
    if file.entry == nil, start.first == 0 {
      return (try IDX.array(content, file: file.path).matrix(role: .inputs), nil)
    }
    let bytes = try content.prefix(content.count)
    if file.entry != nil || ZipArchive.matches(bytes) {
      return (try file.array(bytes, role: .inputs, limit: limit).matrix(role: .inputs), nil)
    }
    return try CSVReader.inputs(bytes, file: file.path, format: format, ignoring: ignored)
  }
}
