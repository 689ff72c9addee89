import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// A trained network in a file of any format that can be read.
package struct StoredModel: Sendable {
  package let path: String
  /// SHA-256 of the file's bytes.
  package let digest: String
  /// What the file says.
  package let file: FileModel

  /// The network with what belongs to it; its classes are empty where the file does not say them.
  package var state: ModelState { file.state }
  /// Whether the file says whether the network is a classifier.
  package var saysTask: Bool { file.saysTask }

  /// Reads the model in the file at `path`.
  ///
  /// - Parameters:
  ///   - activation: what follows the hidden layers of which the file does not say it.
  ///   - classes: in the order of the outputs, of a file that does not say them.
  /// - Throws: `RunFailure.missing`, `.damaged` or `.invalid`, `StoreError`.
  package init(path: String, activation: Activation? = nil, classes: [String]? = nil) throws {
    guard let bytes = try FilePaths.readIfThere(path) else {
      throw RunFailure.missing(path: path, what: "name a run's folder, or \(ModelFormats.names)")
    }
    self.path = path
    digest = Digest.sha256(bytes)
    do throws(ModelFileError) {
      let file = try ModelFormats.read(bytes, path: path, activation: activation)
      if let obstacle = classes.flatMap({ file.obstacle(toClasses: $0) }) {
        throw .unsupported(obstacle)
      }
      self.file = classes.map { file.classifying($0) } ?? file
    } catch .damaged(let reason) {
      throw RunFailure.damaged(file: path, reason: reason)
    } catch {
      throw RunFailure.invalid("\(path): \(error)")
    }
  }

  /// The model as a classifier: with the names of its classes, which are numbers where the file does
  /// not say them. A network with one output tells two classes apart.
  package var classifier: ModelState {
    if saysTask { return state }
    var state = state
    state.classes = (0..<max(2, state.network.outputs)).map(String.init)
    return state
  }

  /// The same model as a classifier of `classes`; of a file that does not say its task.
  func classifying(_ classes: [String]) -> StoredModel {
    StoredModel(path: path, digest: digest, file: file.classifying(classes))
  }

  private init(path: String, digest: String, file: FileModel) {
    (self.path, self.digest, self.file) = (path, digest, file)
  }

  /// What the model was trained to make small, for rows with or without classes; where it does not say
  /// it, what is usual for such rows.
  func loss(hasClasses: Bool) -> Loss {
    let usual: Loss =
      !hasClasses
      ? .meanSquared : state.network.outputs == 1 ? .binaryCrossEntropy : .crossEntropy()
    guard let loss = state.interface?.loss, hasClasses || !loss.usesClassLabels else {
      return usual
    }
    return loss
  }

  /// All rows of `source`, which are raw, as the network takes them: what the source leaves open is as
  /// the model knows it. Targets of a model that does not say its task are classes where they are whole
  /// numbers below the number of its outputs, or other labels of as many kinds as there are outputs; a
  /// note says then which is which.
  ///
  /// - Throws: `DatasetError`, `RunFailure.invalid` when the columns do not fit.
  func read(_ source: DataSource) throws -> Dataset {
    var dataset = try rows(of: source)
    try checkInputs(dataset.inputs.columns, of: dataset.source)
    let outputs = state.network.outputs
    if !saysTask {
      if let labels = dataset.targets.classNumbers(outputs: outputs) {
        dataset.targets = .classes(labels, names: classifier.classes)
      } else if let names = dataset.targets.classNames {
        dataset.notes.append(
          ClassOrder(names).note(file: path, option: "--classes"))
      }
    }
    if case .values(let values) = dataset.targets, values.columns != outputs {
      throw RunFailure.invalid(
        "\(dataset.source): \(values.columns) columns of targets, the model has \(outputs) "
          + "outputs; give a column for each, or whole numbers from 0 to \(outputs - 1) as classes")
    }
    try dataset.scale(inputs: state.inputScaling, targets: state.targetScaling)
    return dataset
  }

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
    if let dataset = try? source.read(task: .classification, interface: state.interface),
      dataset.targets.width == max(2, outputs)
    {
      return dataset
    }
    return try values.get()
  }

  /// Makes sure that `file` has as many columns of inputs as the network takes.
  func checkInputs(_ columns: Int, of file: String) throws(RunFailure) {
    guard columns == state.network.inputs else {
      throw .invalid(
        "\(file): \(columns) columns of inputs, the model takes \(state.network.inputs)")
    }
  }
}

extension Dataset.Targets {
  /// The class of each row where the targets can be classes of a network with `outputs` outputs: one
  /// whole number a row, from 0 to `outputs` − 1, and several outputs; nil elsewhere.
  package func classNumbers(outputs: Int) -> [Int32]? {
    guard case .values(let values) = self, values.columns == 1, outputs > 1 else { return nil }
    var labels: [Int32] = []
    labels.reserveCapacity(values.rows)
    for value in values.elements {
      guard let label = Int32(exactly: value), label >= 0, label < outputs else { return nil }
      labels.append(label)
    }
    return labels
  }
}
