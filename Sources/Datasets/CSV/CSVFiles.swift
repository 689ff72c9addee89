import NeuralNetworks
import NumericCore

/// Tables as text, one file a source.
struct CSVFiles: DataFormat {
  let name = "csv"
  let summary = "A CSV file."
  let roles: [String] = []
  let isTable = true

  func recognizes(_ reference: String, start: [UInt8]) -> Bool { false }

  func dataset(
    _ files: DataFiles, task: LearningTask, known: KnownClasses?, interface: ModelInterface?,
    limit: Int
  ) throws(DatasetError) -> Dataset {
    try CSVReader.dataset(
      files.references[0], format: files.layout, labels: files.labels, task: task, known: known,
      interface: interface, limit: limit)
  }

  func inputs(
    _ content: ArrayContent, of reference: String, layout: CSVFormat,
    ignoring ignored: [ColumnSelector], interface: ModelInterface?, limit: Int
  ) throws(DatasetError) -> InputRows {
    try CSVReader.inputs(
      content.prefix(content.count), file: reference, format: layout, ignoring: ignored,
      interface: interface)
  }
}

extension DataSource {
  /// A CSV file: the columns of `labels` are the targets, all others the inputs.
  package static func csv(
    _ path: String, labels: [ColumnSelector], format: CSVFormat = CSVFormat()
  ) -> DataSource {
    .files(DataFiles(format: CSVFiles(), references: [path], labels: labels, layout: format))
  }
}
