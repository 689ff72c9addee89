import NeuralNetworks
import NumericCore
import Storage

/// Inputs in a file of one format and targets in one of another, such as a table beside an array.
struct SeparateFiles: DataFormat {
  let name = "files of two formats"
  let summary = "A file of inputs and one of targets."
  let roles = ["inputs", "targets"]

  func recognizes(_ reference: String, start: [UInt8]) -> Bool { false }

  func dataset(
    _ files: DataFiles, task: LearningTask, _ context: ReadingContext, limit: Int
  ) throws(DatasetError) -> Dataset {
    let (file, targets) = (files.references[0], files.references[1])
    // Columns are left out of the inputs, or where these are an array, of the table of targets.
    let isTable = !DataFormats.isNamedArray(file)
    let rows = try InputFile.read(
      file, format: files.layout, ignoring: isTable ? files.columns.ignored : [],
      markers: files.columns.markers, keepingRows: true, interface: context.interface, limit: limit)
    if let row = rows.incomplete.first {
      throw .at(
        file,
        "row \(row) (counted from 0) has a missing value; fill it in, or remove the row here and in "
          + targets)
    }
    let read = try TargetFile.read(
      targets,
      TableRequest(
        format: files.layout, labels: files.labels,
        columns: ColumnSettings(
          ignored: isTable ? [] : files.columns.ignored, markers: files.columns.markers),
        task: task, context: context), limit: limit)
    guard read.targets.rows == rows.inputs.rows else {
      throw .at(
        targets,
        "\(counted(read.targets.rows, "row")) for the \(counted(rows.inputs.rows, "row")) of inputs "
          + "in \(file); check that the files belong together")
    }
    return Dataset(
      inputs: rows.inputs, targets: read.targets, source: file, featureNames: rows.names,
      interface: rows.interface, notes: rows.notes + read.notes)
  }

  func inputs(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> InputRows {
    throw .at(reference, "two files are read as one; name them apart")
  }

  func targets(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> TargetRows {
    throw .at(reference, "two files are read as one; name them apart")
  }
}

/// A file of targets alone, of a format that is told by its content.
enum TargetFile {
  /// All targets in it.
  static func read(
    _ reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> TargetRows {
    let content = try DataFile.content(ArrayFile(reference).path, limit: limit)
    return try DataFormats.recognized(reference, content).targets(
      content, of: reference, request, limit: limit)
  }
}
