/// Tables as text, one file a source.
struct CSVFiles: DataFormat {
  let name = "csv"
  let summary = "A CSV file."
  let roles: [String] = []
  let isTable = true

  func recognizes(_ reference: String, start: [UInt8]) -> Bool { false }

  func dataset(
    _ files: DataFiles, task: LearningTask, _ context: ReadingContext, limit: Int
  ) throws(DatasetError) -> Dataset {
    if let conversions = context.conversions {
      return try ConvertedTable(
        files.references[0],
        TableRequest(
          format: files.layout, labels: files.labels, columns: files.columns, task: task,
          context: context), conversions
      ).dataset(limit: limit)
    }
    return try CSVReader.dataset(
      files.references[0], format: files.layout, labels: files.labels, columns: files.columns,
      task: task, context: context, limit: limit)
  }

  func inputs(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> InputRows {
    try CSVReader.inputs(content, file: reference, request)
  }

  func targets(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> TargetRows {
    try CSVReader.targets(content, file: reference, request)
  }
}

extension DataSource {
  /// A CSV file: the columns of `labels` are the targets; where there are none, those of the model that
  /// the rows are read for, or the last one.
  package static func csv(
    _ path: String, labels: [ColumnSelector], format: CSVFormat = CSVFormat(),
    columns: ColumnSettings = ColumnSettings()
  ) -> DataSource {
    .files(
      DataFiles(
        format: CSVFiles(), references: [path], labels: labels, layout: format, columns: columns))
  }
}
