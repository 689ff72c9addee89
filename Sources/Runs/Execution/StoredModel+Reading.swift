import Datasets
import NeuralNetworks
import Storage

/// Reading data as a stored model takes them.
extension StoredModel {
  /// All rows of `source`, which are raw, as the network takes them: what the source leaves open is as
  /// the model knows it. Targets of a model that does not say its task are classes where they are whole
  /// numbers below the number of its outputs, or other labels of as many kinds as there are outputs.
  /// Notes say what was taken for granted.
  ///
  /// - Throws: `DatasetError`, `RunFailure.invalid` when the columns do not fit.
  func read(_ source: DataSource) throws -> Dataset {
    var dataset = try rows(of: source)
    let columns = ReadColumns(dataset, of: source, knowsColumns: knowsColumns)
    try checkInputs(dataset.inputs.columns, columns, of: dataset.source)
    let outputs = state.network.outputs
    if !knowsColumns {
      if columns.haveNames {
        dataset.notes.append(UnnamedColumns.note(on: dataset.source, of: path))
      }
      if let note = columns.labelNote { dataset.notes.append("\(dataset.source): \(note)") }
    }
    if !saysTask {
      if let labels = dataset.targets.classNumbers(outputs: outputs) {
        dataset.targets = .classes(labels, names: classifier.classes)
      } else if let names = dataset.targets.classNames {
        dataset.notes.append(
          ClassOrder(names).note(file: path, option: "--classes"))
      } else if let pair = dataset.targets.twoLabels(outputs: outputs) {
        dataset.notes.append(
          "\(dataset.source): the targets are \(pair.0) and \(pair.1) alone, and \(path) does not say "
            + "whether it tells classes apart, so this is measured as a regression; if its output is a "
            + "logit, say --classes=\(pair.0),\(pair.1)")
      }
    }
    if case .values(let values) = dataset.targets, values.columns != outputs {
      throw RunFailure.invalid(
        columns.targetMisfit(outputs: outputs, of: dataset.source)
          ?? "\(dataset.source): \(counted(values.columns, "column")) of targets, the model has \(outputs) "
          + "outputs; give a column for each, or whole numbers from 0 to \(outputs - 1) as classes")
    }
    try dataset.scale(inputs: state.inputScaling, targets: state.targetScaling)
    return dataset
  }

  /// Whether the model knows which columns are its inputs.
  var knowsColumns: Bool { state.interface.map { !$0.inputs.isEmpty } ?? false }

  /// All rows of `source` with targets of the model's kind, or of the kind that they are.
  private func rows(of source: DataSource) throws -> Dataset {
    let classes = state.classes
    guard classes.isEmpty, !saysTask else {
      return try source.read(
        task: classes.isEmpty ? .regression : .classification,
        known: classes.isEmpty ? nil : KnownClasses(names: classes, training: path),
        interface: state.interface)
    }
    let values: Result<Dataset, any Error> = Result {
      try source.read(task: .regression, interface: state.interface)
    }
    let outputs = state.network.outputs
    if case .success(let dataset) = values {
      let isFitting =
        dataset.targets.width == outputs || dataset.targets.classNumbers(outputs: outputs) != nil
      if isFitting || dataset.targets.width > 1 { return dataset }
    }
    // Text, or numbers of which there is one kind an output.
    let labelled: Dataset
    do throws(DatasetError) {
      labelled = try source.read(task: .classification, interface: state.interface)
    } catch {
      // Labels that are good as classes are no reason: what else is wrong is.
      if case .failure = values, !error.isOfClasses { throw error }
      return try values.get()
    }
    if labelled.targets.width == max(2, outputs) { return labelled }
    if case .failure = values {
      throw RunFailure.invalid(
        "\(labelled.source): the labels are of \(counted(labelled.targets.width, "kind")), and \(path), which "
          + "does not say its classes, tells \(max(2, outputs)) apart; name all of them, in the order of its "
          + "outputs, with --classes")
    }
    return try values.get()
  }

  /// Makes sure that `file` has as many columns of inputs as the network takes.
  func checkInputs(
    _ count: Int, _ columns: ReadColumns, of file: String
  ) throws(RunFailure) {
    guard count == state.network.inputs else {
      throw .invalid(
        "\(file): \(counted(count, "column")) of inputs\(columns.list), the model takes \(state.network.inputs)"
          + columns.advice(superfluous: count - state.network.inputs))
    }
  }
}

extension DatasetError {
  /// Whether it is about labels that are no classes.
  fileprivate var isOfClasses: Bool {
    switch self {
    case .classes: true
    case .several(_, let shown, _): shown.contains(where: \.isOfClasses)
    case .named(_, let error), .selecting(_, let error): error.isOfClasses
    case .files(let errors): errors.contains(where: \.isOfClasses)
    case .file, .value, .column, .setting, .other: false
    }
  }
}

extension Dataset.Targets {
  /// The two whole numbers, the smaller first, that are the targets of a network with one output; nil where
  /// there are others.
  fileprivate func twoLabels(outputs: Int) -> (Int, Int)? {
    guard case .values(let values) = self, values.columns == 1, outputs == 1 else { return nil }
    var found: [Int] = []
    for value in values.elements {
      guard let label = Int(exactly: value) else { return nil }
      if !found.contains(label) { found.append(label) }
      if found.count > 2 { return nil }
    }
    return found.count == 2 ? (found.min() ?? 0, found.max() ?? 0) : nil
  }
}
