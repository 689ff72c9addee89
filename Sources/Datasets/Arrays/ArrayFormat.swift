import NeuralNetworks
import NumericCore

/// A format of arrays: one for the inputs, and one of as many rows for the targets.
protocol ArrayFormat: DataFormat {
  /// The array that `reference` names in the file of which `content` is the content.
  /// - Throws: `DatasetError`.
  func array(
    _ content: ArrayContent, of reference: String, role: DatasetError.ArrayRole, limit: Int
  ) throws(DatasetError) -> NumericArray
}

extension ArrayFormat {
  func dataset(
    _ files: DataFiles, task: LearningTask, known: KnownClasses?, interface: ModelInterface?,
    limit: Int
  ) throws(DatasetError) -> Dataset {
    let inputs = try array(files.references[0], role: .inputs, limit: limit)
    let targets = try array(files.references[1], role: .targets, limit: limit)
    guard inputs.shape.first == targets.shape.first else {
      throw .at(
        targets.file,
        "there are \(targets.shape.first ?? 1) rows for the \(inputs.shape.first ?? 1) rows of inputs "
          + "in \(inputs.file); check that the files belong together")
    }
    let values: Dataset.Targets =
      switch task {
      case .classification: try targets.classes(known: known)
      case .regression: .values(try targets.matrix(role: .targets))
      }
    return Dataset(
      inputs: try inputs.matrix(role: .inputs), targets: values, source: inputs.file)
  }

  func inputs(
    _ content: ArrayContent, of reference: String, layout: CSVFormat,
    ignoring ignored: [ColumnSelector], interface: ModelInterface?, limit: Int
  ) throws(DatasetError) -> InputRows {
    let array = try array(content, of: reference, role: .inputs, limit: limit)
    return InputRows(try array.matrix(role: .inputs))
  }

  private func array(
    _ reference: String, role: DatasetError.ArrayRole, limit: Int
  ) throws(DatasetError) -> NumericArray {
    let content = try DataFile.content(path(of: reference), limit: limit)
    return try array(content, of: reference, role: role, limit: limit)
  }
}
