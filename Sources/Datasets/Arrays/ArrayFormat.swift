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
    _ files: DataFiles, task: LearningTask, _ context: ReadingContext, limit: Int
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
      case .classification: try targets.classes(known: context.known)
      case .regression: .values(try targets.matrix(role: .targets))
      }
    var dataset = Dataset(
      inputs: try inputs.matrix(role: .inputs), targets: values, source: inputs.file)
    dataset.interface = dataset.interfaceOfArrays(context.interface)
    if case .classes(let labels, let names) = values, context.known == nil {
      dataset.notes += ClassNotes.notes(file: targets.file, labels: labels, names: names)
    }
    if context.interface?.inputNames != nil {
      dataset.notes.append(ArrayNotes.inOrder(inputs.file, context.owner))
    }
    return dataset
  }

  func inputs(
    _ content: ArrayContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> InputRows {
    let array = try array(content, of: reference, role: .inputs, limit: limit)
    let context = request.context
    return InputRows(
      try array.matrix(role: .inputs),
      notes: context.interface?.inputNames == nil
        ? [] : [ArrayNotes.inOrder(array.file, context.owner)])
  }

  private func array(
    _ reference: String, role: DatasetError.ArrayRole, limit: Int
  ) throws(DatasetError) -> NumericArray {
    let content = try DataFile.content(path(of: reference), limit: limit)
    return try array(content, of: reference, role: role, limit: limit)
  }
}

/// What should be said about arrays.
private enum ArrayNotes {
  /// Columns of an array are taken in order.
  static func inOrder(_ file: String, _ owner: String) -> String {
    "\(file): an array has no names of columns, so they are taken in the order that \(owner) has"
  }
}

extension Dataset {
  /// What a model that is made from arrays knows of them: what `model` knows already where they are read
  /// for one, else the places of their columns.
  fileprivate func interfaceOfArrays(_ model: ModelInterface?) -> ModelInterface {
    if let model, model.inputs.reduce(0, { $0 + $1.width }) == inputs.columns { return model }
    let width = targets.classNames == nil ? targets.width : 1
    return ModelInterface(
      inputs: (0..<inputs.columns).map { ModelInterface.Input(name: nil, position: $0) },
      targets: (0..<width).map { ModelInterface.Column(name: nil, position: $0) })
  }
}
