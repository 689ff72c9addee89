import NeuralNetworks

/// Where rows come from: files, or a generator.
package enum DataSource: Sendable, Equatable {
  case files(DataFiles)
  case generated(DataGenerator)

  /// The paths of the files, each as often as it is named: so they tell which file serves for what.
  package var files: [String] {
    switch self {
    case .files(let files): files.references.map { files.format.path(of: $0) }
    case .generated: []
    }
  }

  /// Reads all rows.
  /// - Parameters:
  ///   - known: the classes of the training part, where this is another part.
  ///   - interface: what the model knows that the rows are read for; columns are told by it.
  ///   - limit: largest file, and largest decompressed content, in bytes.
  ///   - solutions: where a generator's solutions come from.
  /// - Throws: `DatasetError`.
  package func read(
    task: LearningTask, known: KnownClasses? = nil, interface: ModelInterface? = nil,
    limit: Int = DataFile.defaultLimit, solutions: SolutionSource = .computed
  ) throws(DatasetError) -> Dataset {
    try read(
      task: task, ReadingContext(known: known, interface: interface), limit: limit,
      solutions: solutions)
  }

  /// Reads all rows, by what `context` knows of them.
  /// - Throws: `DatasetError`.
  func read(
    task: LearningTask, _ context: ReadingContext, limit: Int, solutions: SolutionSource
  ) throws(DatasetError) -> Dataset {
    switch self {
    case .files(let files):
      try files.format.dataset(files, task: task, context, limit: limit)
    case .generated(let generator):
      try generator.dataset(solutions: solutions)
    }
  }

  /// A file of inputs and one of targets: arrays of the format that one of the names says, or IDX; or files
  /// of two formats, one of them a table of `layout` and `columns`.
  package static func arrays(
    data: String, labels: String, layout: CSVFormat = CSVFormat(),
    columns: ColumnSettings = ColumnSettings()
  ) -> DataSource {
    let isTable = [data, labels].contains { DataFormats.isNamedTable($0) }
    let format =
      isTable
      ? SeparateFiles() : DataFormats.named(data) ?? DataFormats.named(labels) ?? IDXFiles()
    return .files(
      DataFiles(format: format, references: [data, labels], layout: layout, columns: columns))
  }
}

/// Files of one format that hold inputs and targets.
package struct DataFiles: Sendable {
  package let format: any DataFormat
  /// Paths, or what else names an array, in the order of the format's roles.
  package let references: [String]
  /// The columns of the targets, in a table; none for the model's, or the last one.
  package let labels: [ColumnSelector]
  /// Of the text of a table.
  package let layout: CSVFormat
  /// The columns of the inputs, in a table.
  package let columns: ColumnSettings

  /// Files whose order is that of the format's roles.
  package init(
    format: any DataFormat, references: [String], labels: [ColumnSelector] = [],
    layout: CSVFormat = CSVFormat(), columns: ColumnSettings = ColumnSettings()
  ) {
    self.format = format
    self.references = references
    self.labels = labels
    self.layout = layout
    self.columns = columns
  }
}

extension DataFiles: Equatable {
  package static func == (left: DataFiles, right: DataFiles) -> Bool {
    left.format.name == right.format.name && left.references == right.references
      && left.labels == right.labels && left.layout == right.layout && left.columns == right.columns
  }
}
