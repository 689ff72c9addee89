import NeuralNetworks
import NumericCore

/// Reads the rows of a CSV file into matrices.
///
/// Memory: the text, four or eight bytes a number, four bytes a label. The text holds at least a byte a
/// field, so no file can make this allocate more than a small multiple of its decompressed size, unless
/// text is taken as levels; these have a limit of their own.
package enum CSVReader {
  /// A data set: the columns selected as labels are the targets, all others are inputs.
  /// - Parameters:
  ///   - labels: none for the model's, or the last one; at most one for classification.
  ///   - context: the classes and the columns of the training part, where this is another part.
  /// - Throws: `DatasetError`.
  package static func dataset(
    _ path: String, format: CSVFormat = CSVFormat(), labels: [ColumnSelector],
    columns: ColumnSettings = ColumnSettings(), task: LearningTask,
    context: ReadingContext = ReadingContext(words: .schedule), limit: Int = DataFile.defaultLimit
  ) throws(DatasetError) -> Dataset {
    guard task == .regression || labels.count <= 1 else {
      throw .classes(path, .severalLabelColumns(count: labels.count))
    }
    return try dataset(
      DataFile.read(path, limit: limit), file: path,
      TableRequest(
        format: format, labels: labels, columns: columns, task: task, context: context))
  }

  /// The data set in the text `bytes`; as many labels as the task allows.
  /// - Throws: `DatasetError`, naming `file`.
  static func dataset(
    _ bytes: [UInt8], file: String, _ request: TableRequest
  ) throws(DatasetError) -> Dataset {
    let table = try CSVTable(bytes, file: file, request)
    let plan = try plan(table, request)
    var rows = CSVRows(table, plan, request)
    try rows.read()
    let (inputs, values) = rows.matrices
    let targets =
      try rows.classes?.targets(
        file: file, known: request.context.known, uncertain: table.uncertainLine,
        words: request.context.words) ?? .values(values)
    var dataset = Dataset(
      inputs: inputs, targets: targets, source: file,
      featureNames: plan.featureNames(of: table),
      interface: plan.interface(of: table, dropsMissing: request.missing == .drop),
      notes: table.notes + plan.notes + rows.notes)
    dataset.holes = rows.holes
    dataset.report = TableReport(table, plan, rows)
    if request.context.interface == nil {
      dataset.notes += IndexColumns.notes(dataset, plan, words: request.context.words)
      if case .classes(let labels, let names) = targets, request.context.known == nil {
        dataset.notes += ClassNotes.notes(file: file, labels: labels, names: names)
      }
    }
    return dataset
  }

  /// Inputs only: the columns that a model has, or all but the ignored ones.
  /// - Throws: `DatasetError`, naming `file`.
  static func inputs(
    _ bytes: [UInt8], file: String, _ request: TableRequest
  ) throws(DatasetError) -> InputRows {
    let table = try CSVTable(bytes, file: file, request)
    let plan = try plan(table, request)
    var rows = CSVRows(table, plan, request)
    try rows.read()
    return InputRows(
      rows.matrices.inputs, names: plan.featureNames(of: table),
      interface: plan.interface(of: table, dropsMissing: false),
      notes: table.notes + plan.notes + rows.notes, incomplete: rows.incomplete)
  }

  private static func plan(
    _ table: CSVTable, _ request: TableRequest
  ) throws(DatasetError) -> ColumnPlan {
    // A model may know its loss and nothing of its columns.
    if let interface = request.context.interface, !interface.inputs.isEmpty {
      return try ColumnPlan(table, request, by: interface)
    }
    return try ColumnPlan(table, request)
  }
}
