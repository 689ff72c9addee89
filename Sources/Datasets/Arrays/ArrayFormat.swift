import NeuralNetworks
import NumericCore
import Storage

/// A format of arrays: one for the inputs, and one of as many rows for the targets.
protocol ArrayFormat: DataFormat {
  /// The array that `reference` names in the file of which `content` is the content.
  /// - Throws: `DatasetError`.
  func array(
    _ content: FileContent, of reference: String, role: DatasetError.ArrayRole, limit: Int
  ) throws(DatasetError) -> NumericArray
}

extension ArrayFormat {
  func dataset(
    _ files: DataFiles, task: LearningTask, _ context: ReadingContext, limit: Int
  ) throws(DatasetError) -> Dataset {
    // What stays in its file may be larger than the memory.
    let inputs = try array(
      files.references[0], role: .inputs, limit: context.storage == .file ? .max : limit)
    let targets = try array(files.references[1], role: .targets, limit: limit)
    guard inputs.shape.first == targets.shape.first else {
      throw .at(
        targets.file,
        "\(counted(targets.shape.first ?? 1, "row")) for the "
          + "\(counted(inputs.shape.first ?? 1, "row")) of inputs in \(inputs.file); check that the files belong together"
      )
    }
    let request = TableRequest(columns: files.columns, task: task, context: context)
    var rows = try ArrayInputs(inputs, request)
    var left: Set<Int> = []
    if request.missing == .drop {
      left = try targets.rowsWithNaN().union(rows.incomplete)
      guard left.count < rows.matrix.rows else {
        throw .at(
          inputs.file,
          "every row has a missing value, so missing: drop leaves none; write missing: mean or median"
        )
      }
    }
    var notes = rows.notes
    if !left.isEmpty {
      notes.append(
        "\(inputs.file): \(left.count) of \(counted(rows.matrix.rows, "row")) "
          + "\(left.count == 1 ? "has a missing value and is" : "have a missing value and are") left out"
      )
      rows.leaveOut(left)
    }
    let values: Dataset.Targets
    switch task {
    case .classification:
      values = try targets.classes(known: context.known, without: left)
      if let known = context.known, known.areTexts {
        notes.append(known.numberingNote(targets.file))
      }
    case .regression:
      let read = try targets.values(
        role: .targets, nan: left.isEmpty ? .wrong(.notFinite(text: "nan")) : .hole)
      values = .values(read.matrix.without(left))
      notes += CoarseNumbers.notes(read.coarse, file: targets.file, names: nil, role: "target")
    }
    var dataset = Dataset(
      inputs: rows.matrix, targets: values, source: inputs.file, notes: notes)
    dataset.interface = dataset.interfaceOfArrays(context.interface)
    dataset.interface?.dropsMissing = request.missing == .drop
    dataset.holes = rows.holes
    dataset.missingInputs = rows.missing
    if case .classes(let labels, let names) = values, context.known == nil {
      dataset.notes += ClassNotes.notes(place: targets.file, labels: labels, names: names)
    }
    if context.interface?.inputNames != nil {
      dataset.notes.append(ArrayNotes.inOrder(inputs.file, context.owner))
    }
    return dataset
  }

  func inputs(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> InputRows {
    let array = try array(content, of: reference, role: .inputs, limit: limit)
    let context = request.context
    var rows = try ArrayInputs(array, request)
    var notes = rows.notes
    var incomplete: [Int32] = []
    if !rows.incomplete.isEmpty {
      let count = rows.incomplete.count
      let total = counted(rows.matrix.rows, "row")
      if request.keepsRows {
        incomplete = rows.incomplete.map { Int32($0) }
        notes.append(
          "\(array.file): \(count) of \(total) \(count == 1 ? "has" : "have") a missing input, and the "
            + "predictions there are empty")
      } else {
        rows.leaveOut(Set(rows.incomplete))
        notes.append(
          "\(array.file): \(count) of \(total) "
            + "\(count == 1 ? "has a missing value and is" : "have a missing value and are") left out"
        )
      }
    }
    if context.interface?.inputNames != nil {
      notes.append(ArrayNotes.inOrder(array.file, context.owner))
    }
    return InputRows(rows.matrix, notes: notes, incomplete: incomplete)
  }

  func targets(
    _ content: FileContent, of reference: String, _ request: TableRequest, limit: Int
  ) throws(DatasetError) -> TargetRows {
    let array = try array(content, of: reference, role: .targets, limit: limit)
    guard request.task == .classification else {
      return TargetRows(targets: .values(try array.matrix(role: .targets)))
    }
    let known = request.context.known
    return TargetRows(
      targets: try array.classes(known: known),
      notes: known.flatMap { $0.areTexts ? [$0.numberingNote(array.file)] : nil } ?? [])
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
