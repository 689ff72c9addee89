import Datasets
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// A trained network in a file: a checkpoint, or a state dict as PyTorch users write it.
package struct StoredModel: Sendable {
  /// What kind of file it is.
  package enum Origin: Sendable {
    case checkpoint
    case stateDict(StateDict)
  }

  package let path: String
  /// SHA-256 of the file's bytes.
  package let digest: String
  package let origin: Origin
  /// The network with what belongs to it. A state dict takes raw inputs; its classes are empty where
  /// it does not say them.
  package let state: ModelState

  /// Reads the model in the file at `path`.
  ///
  /// - Parameter activation: what follows the hidden layers of a state dict that does not say it.
  /// - Throws: `RunFailure.missing`, `.damaged` or `.invalid`, `StoreError`.
  package init(path: String, activation: Activation? = nil) throws {
    guard let bytes = try FilePaths.readIfThere(path) else {
      throw RunFailure.missing(
        path: path,
        what: "name a checkpoint, a run's folder, or a safetensors file with a state dict")
    }
    self.path = path
    digest = Digest.sha256(bytes)
    let header = try? SafetensorsHeader(fileStart: bytes, fileSize: bytes.count)
    if let header, StateDict.isStateDict(header) {
      do throws(StateDictError) {
        let dict = try StateDict(bytes)
        origin = .stateDict(dict)
        state = ModelState(
          network: try dict.network(activation: activation), classes: dict.classes ?? [])
      } catch {
        throw RunFailure.invalid("\(path): \(error)")
      }
    } else {
      origin = .checkpoint
      var contents = try StoredCheckpoint.contents(of: path)
      contents.state.optimizer = nil
      state = contents.state
      if let activation,
        let layer = state.network.layers.dropLast().first(where: {
          $0.activation != activation
        })
      {
        let error = StateDictError.activationDiffers(
          given: activation, layer: layer.name, found: layer.activation)
        throw RunFailure.invalid("\(path): \(error)")
      }
    }
  }

  /// Whether the file says whether the network is a classifier.
  package var saysTask: Bool {
    switch origin {
    case .checkpoint: true
    case .stateDict(let dict): dict.classes != nil
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

  /// What belongs to raw inputs `matrix` in the file `file`, scaled as the network wants them.
  ///
  /// - Throws: `RunFailure.invalid` when the columns do not fit, `DatasetError`.
  package func scale(
    inputs matrix: inout Matrix, file: String, names: [String]? = nil
  ) throws {
    guard matrix.columns == state.network.inputs else {
      throw RunFailure.invalid(
        "\(file): \(matrix.columns) columns of inputs, the model takes \(state.network.inputs)")
    }
    if let scaling = state.inputScaling.flatMap({ ColumnScale($0) }) {
      try scaling.apply(to: &matrix, file: file, names: names)
    }
  }
}

extension ColumnScale {
  /// The scale that a model carries.
  package init?(_ scaling: AffineScaling) {
    self.init(shift: scaling.shift, scale: scaling.scale)
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
