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
  /// Bytes of the file.
  package let size: Int
  /// What the file says.
  package let file: FileModel

  /// The network with what belongs to it; its classes are empty where the file does not say them.
  package var state: ModelState { file.state }
  /// Whether the file says whether the network is a classifier.
  package var saysTask: Bool { file.saysTask }

  /// Sentences for the user: what of the file is not part of the model.
  package var notes: [String] { file.notes.map { "\(path): \($0)" } }

  /// The paths of other files that hold values of the model.
  package var attachments: [String] {
    file.attachments.keys.sorted().map { FilePaths.resolve($0, in: FilePaths.folder(of: path)) }
  }

  /// The model as it is written for others.
  package var export: ModelExport {
    ModelExport(
      state, saysTask: saysTask,
      origin: ModelOrigin(sha256: digest, lineage: file.lineage, quality: quality))
  }

  /// How good the run that the file lies in has found it; nil where it lies in none.
  private var quality: String? {
    guard let key = file.lineage?["key"]?.stringValue,
      let manifest = try? CheckpointStore.manifest(
        of: RunFolder(path: FilePaths.folder(of: FilePaths.real(path)))),
      let record = manifest.record(of: key), record.sha256 == digest
    else { return nil }
    return record.metrics.last?.quality
  }

  /// Reads the model in the file at `path`.
  ///
  /// - Parameters:
  ///   - activation: what follows the hidden layers of which the file does not say it.
  ///   - classes: in the order of the outputs, of a file that does not say them.
  /// - Throws: `RunFailure.missing`, `.damaged` or `.invalid`, `StoreError`.
  package init(path: String, activation: Activation? = nil, classes: [String]? = nil) throws {
    self.path = path
    // A run at work leads its link elsewhere, and renames what the file builds on.
    (digest, size, file) = try SteadyLook(atFile: path).value {
      try Self.read(path, activation, classes)
    }
  }

  private static func read(
    _ path: String, _ activation: Activation?, _ classes: [String]?
  ) throws -> (digest: String, size: Int, file: FileModel) {
    guard let bytes = try content(of: path) else {
      throw RunFailure.missing(path: path, what: "name a run's folder, or \(ModelFormats.names)")
    }
    do throws(ModelFileError) {
      let file = try ModelFormats.read(bytes, path: path, activation: activation)
      if let obstacle = classes.flatMap({ file.obstacle(toClasses: $0) }) {
        throw .unsupported(obstacle)
      }
      let known = classes.map { file.classifying($0) } ?? file
      return (Digest.sha256(bytes), bytes.count, known)
    } catch .damaged(let reason) {
      throw RunFailure.damaged(file: path, reason: reason)
    } catch {
      throw RunFailure.invalid("\(path): \(error)")
    }
  }

  /// The bytes of the file at `path`; nil where there is none.
  private static func content(of path: String) throws -> [UInt8]? {
    if let size = FilePaths.size(of: path), size > MemoryAllowance.perFile {
      throw RunFailure.invalid(
        "\(path): the file has \(size) bytes, and \(MemoryAllowance.perFile) are allowed, a quarter of the "
          + "memory there is; use a machine, or a limit, with more")
    }
    return try FilePaths.readIfThere(path)
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
    StoredModel(self, file.classifying(classes))
  }

  /// The same model, which knows of its columns what `interface` does unless it knows them itself.
  func knowing(_ interface: ModelInterface) -> StoredModel {
    if let own = state.interface, !own.inputs.isEmpty { return self }
    return StoredModel(self, file.knowing(interface))
  }

  private init(_ read: StoredModel, _ file: FileModel) {
    (path, digest, size, self.file) = (read.path, read.digest, read.size, file)
  }

  /// What `loss` is called where it is measured by this model: one with its scaling folded in is measured in
  /// raw units, where its run had scaled ones.
  package func name(of loss: Loss) -> String {
    let isRaw = file.units == .raw && state.classes.isEmpty && !loss.usesClassLabels
    return isRaw ? loss.word + " of raw targets" : loss.word
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
