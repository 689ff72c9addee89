import NeuralNetworks
import NumericCore

/// Reads the rows of a CSV file into matrices.
///
/// Memory: the text, four or eight bytes a number, four bytes a label; both at once while a matrix
/// changes from float32 to float64. The text holds at least a byte a field, so no file can make this
/// allocate more than thirteen times its decompressed size.
package enum CSVReader {
  /// A data set: the columns selected as labels are the targets, all others are inputs.
  /// - Parameters:
  ///   - labels: exactly one for classification; those of the model, or the last column, where there
  ///     are none.
  ///   - known: the classes of the training part, where this is another part.
  ///   - interface: of the model that the rows are for.
  /// - Throws: `DatasetError`.
  package static func dataset(
    _ path: String, format: CSVFormat = CSVFormat(), labels: [ColumnSelector], task: LearningTask,
    known: KnownClasses? = nil, interface: ModelInterface? = nil,
    limit: Int = DataFile.defaultLimit
  ) throws(DatasetError) -> Dataset {
    guard task == .regression || labels.count <= 1 else {
      throw .classes(path, .severalLabelColumns(count: labels.count))
    }
    return try dataset(
      DataFile.read(path, limit: limit), file: path, format: format, labels: labels, task: task,
      known: known, interface: interface)
  }

  /// The data set in the text `bytes`; as many labels as the task allows.
  /// - Throws: `DatasetError`, naming `file`.
  static func dataset(
    _ bytes: [UInt8], file: String, format: CSVFormat, labels: [ColumnSelector],
    task: LearningTask, known: KnownClasses? = nil, interface: ModelInterface? = nil
  ) throws(DatasetError) -> Dataset {
    let table = try table(bytes, file: file, format: format, selected: labels, interface)
    let labels = labels.isEmpty ? interface?.labels(of: table) ?? [.last] : labels
    let stated = try table.indices(of: labels)
    let targets = interface?.ordered(stated, of: table) ?? stated
    let columns = try interface?.columns(of: table, besides: targets)
    var rows = try CSVRows(table, targets: targets, task: task, inputs: columns)
    try rows.read()
    let values: Dataset.Targets
    do throws(DatasetError) {
      values = try rows.classes?.targets(file: file, known: known) ?? .values(rows.values.matrix)
    } catch .classes(_, .mixedLabels(row: 1, let label)) where table.headerIsUncertain {
      throw .at(
        file, row: 1,
        "the label \(excerpt(label)) is text where others are numbers; correct it, or say whether the "
          + "row is a header")
    }
    return Dataset(
      inputs: rows.inputs.matrix, targets: values, source: file, featureNames: rows.inputNames,
      interface: ModelInterface(of: table, format, inputs: rows.inputColumns, targets: targets))
  }

  /// Inputs only: all columns of the text `bytes` but the ignored ones.
  /// - Throws: `DatasetError`, naming `file`.
  static func inputs(
    _ bytes: [UInt8], file: String, format: CSVFormat, ignoring ignored: [ColumnSelector],
    interface: ModelInterface? = nil
  ) throws(DatasetError) -> InputRows {
    let table = try table(bytes, file: file, format: format, selected: ignored, interface)
    let left = try table.indices(of: ignored)
    let columns = try interface?.columns(of: table, besides: left)
    var rows = try CSVRows(table, targets: left, task: nil, inputs: columns)
    try rows.read()
    return InputRows(rows.inputs.matrix, names: rows.inputNames)
  }

  private static func table(
    _ bytes: [UInt8], file: String, format: CSVFormat, selected: [ColumnSelector],
    _ interface: ModelInterface?
  ) throws(DatasetError) -> CSVTable {
    let format = format.completed(by: interface?.table)
    let wantsNames = selected.contains { if case .name = $0 { true } else { false } }
    return try CSVTable(bytes, file: file, format: format, wantsNames: wantsNames)
  }
}
