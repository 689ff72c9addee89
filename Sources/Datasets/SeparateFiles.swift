import NeuralNetworks
import NumericCore

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
    let rows = try InputFile.read(
      file, format: files.layout, keepingRows: true, interface: context.interface, limit: limit)
    if let row = rows.incomplete.first {
      throw .at(
        file,
        "row \(row) (counted from 0) has a missing value; fill it in, or remove the row here and in "
          + targets)
    }
    let values = try InputFile.read(targets, format: files.layout, limit: limit).inputs
    guard values.rows == rows.inputs.rows else {
      throw .at(
        targets,
        "there are \(values.rows) rows for the \(rows.inputs.rows) rows of inputs in \(file); check "
          + "that the files belong together")
    }
    guard task == .classification else {
      return Dataset(
        inputs: rows.inputs, targets: .values(values), source: file, featureNames: rows.names,
        interface: rows.interface, notes: rows.notes)
    }
    guard values.columns == 1 else {
      throw .at(targets, "there are \(values.columns) columns where classes have one")
    }
    var table = ClassTable(rows: values.rows)
    for (row, value) in values.elements.enumerated() {
      try table.append(
        Int(exactly: value).map(String.init) ?? "\(value)", .element(row), file: targets)
    }
    return Dataset(
      inputs: rows.inputs, targets: try table.targets(file: targets, known: context.known),
      source: file,
      featureNames: rows.names, interface: rows.interface, notes: rows.notes)
  }

  func inputs(
    _ content: ArrayContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> InputRows {
    throw .at(reference, "two files are read as one; name them apart")
  }
}
