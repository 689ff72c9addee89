import NeuralNetworks
import NumericCore

/// Reads the rows of a CSV file into matrices.
///
/// Memory: four or eight bytes a number, four bytes a label; of a text in a file there are pieces in memory, one
/// at a time. The text holds at least a byte a field, so no file can make this allocate more than a small
/// multiple of its decompressed size, unless text is taken as levels; these have a limit of their own.
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
      DataFile.content(path, limit: limit), file: path,
      TableRequest(
        format: format, labels: labels, columns: columns, task: task, context: context))
  }

  /// The data set in the text `content`; as many labels as the task allows.
  /// - Parameter path: of a file that the inputs are written to and stay in; nil for memory.
  /// - Throws: `DatasetError`, naming `file`.
  static func dataset(
    _ content: FileContent, file: String, _ request: TableRequest, storingAt path: String? = nil
  ) throws(DatasetError) -> Dataset {
    let request = request.withOwnWords
    let table = try CSVTable(content, file: file, request)
    let plan = try plan(table, request)
    let hashing = request.context.hashing
    var writer: RowWriter?
    if let path {
      let conversions = request.context.conversions
      writer = try RowWriter(path, rows: table.rows, columns: plan.width) { state in
        conversions?.tell(
          TableConversion(table: file, file: path, rows: table.rows, state: state))
      }
    }
    var rows = CSVRows(
      table, plan, request,
      hashes: try hashing.isWanted ? CSVRowHashes(table, plan, key: hashing.key) : nil,
      writer: writer)
    try rows.read()
    var (inputs, values) = rows.takeMatrices()
    if let writer, let path {
      try writer.finish()
      inputs = try ConvertedTable.stored(path)
    }
    let targets =
      try rows.classes?.targets(
        file: file, known: request.context.known, uncertain: table.uncertainLine,
        words: request.context.words) ?? .values(values)
    var dataset = Dataset(
      inputs: inputs, targets: targets, source: file,
      featureNames: plan.featureNames(of: table),
      interface: plan.interface(of: table, request),
      notes: table.notes + plan.notes + rows.notes)
    dataset.holes = rows.holes
    dataset.large = rows.large
    dataset.rowHashes = rows.hashes?.rows
    dataset.keyHashes = hashing.key == nil ? nil : rows.hashes?.keys
    dataset.report = TableReport(table, plan, rows)
    if request.context.interface == nil {
      dataset.notes += IndexColumns.notes(dataset, plan, words: request.context.words)
      if case .classes(let labels, let names) = targets, request.context.known == nil {
        let column = table.column(plan.targets[0])
        dataset.notes += ClassNotes.notes(
          place: "\(file), \(column)", labels: labels, names: names)
      }
    }
    return dataset
  }

  /// Inputs only: the columns that a model has, or all but the ignored ones.
  /// - Throws: `DatasetError`, naming `file`.
  static func inputs(
    _ content: FileContent, file: String, _ request: TableRequest
  ) throws(DatasetError) -> InputRows {
    let table = try CSVTable(content, file: file, request)
    let plan = try plan(table, request)
    var rows = CSVRows(table, plan, request)
    try rows.read()
    return InputRows(
      rows.takeMatrices().inputs, names: plan.featureNames(of: table),
      interface: plan.interface(of: table, request),
      notes: table.notes + plan.notes + rows.notes, incomplete: rows.incomplete,
      large: rows.large)
  }

  /// The targets of a file that has nothing else: in the columns that are named, in those of the model by
  /// their names, or in all that are not left out.
  /// - Throws: `DatasetError`, naming `file`.
  static func targets(
    _ content: FileContent, file: String, _ request: TableRequest
  ) throws(DatasetError) -> TargetRows {
    let context = request.context
    let model = context.interface?.table
    var own = request
    own.context = ReadingContext(
      known: context.known, owner: context.owner, words: context.words, threads: context.threads)
    own.format = CSVFormat(
      delimiter: request.format.delimiter, header: request.format.header,
      decimal: request.format.decimal
        ?? model.flatMap { CSVFormat.DecimalSign(rawValue: $0.decimalSign) })
    own.columns = ColumnSettings(
      ignored: request.columns.ignored,
      markers: request.columns.markers ?? context.interface?.missingMarkers)
    let table = try CSVTable(content, file: file, own)
    let columns = try targetColumns(table, own, names: context.interface?.targets.map(\.name) ?? [])
    guard own.task == .regression || columns.count == 1 else {
      throw .at(
        file,
        "there are \(columns.count) columns where classes have one; leave the others out "
          + "(\(context.words.ignoringForm))")
    }
    let plan = try ColumnPlan(
      table, inputs: [], targets: columns, task: own.task, areTargetsAll: true)
    var rows = CSVRows(table, plan, own)
    try rows.read()
    guard let classes = rows.classes else {
      return TargetRows(
        targets: .values(rows.takeMatrices().values), notes: table.notes + rows.notes)
    }
    let targets = try classes.targets(
      file: file, known: context.known, uncertain: table.uncertainLine, words: context.words,
      numbersClasses: true)
    let isNumbering = context.known.map(classes.isNumbering) ?? false
    return TargetRows(
      targets: targets,
      notes: table.notes + rows.notes
        + (isNumbering ? context.known.map { [$0.numberingNote(file)] } ?? [] : []))
  }

  private static func targetColumns(
    _ table: CSVTable, _ request: TableRequest, names: [String?]
  ) throws(DatasetError) -> [Int] {
    if !request.labels.isEmpty { return try table.indices(of: request.labels) }
    let ignored = try table.indices(matching: request.columns.ignored, besides: [])
    let own = names.compactMap { name in name.flatMap { table.names?.firstIndex(of: $0) } }
    if !own.isEmpty, own.count == names.count { return own }
    return (0..<table.columns).filter { !ignored.contains($0) }
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
