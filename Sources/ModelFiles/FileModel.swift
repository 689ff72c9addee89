import NeuralNetworks
import Storage

/// A model as its file has it.
package struct FileModel: Sendable {
  /// The units that a network takes and gives.
  package enum Units: Sendable, Equatable {
    /// Raw data are scaled as the file says and no other way.
    case scaledByFile
    /// Raw ones: a scale that it was trained with is in its weights.
    case raw
    /// Not known, since the file says nothing of its data.
    case open
  }

  /// The network with what belongs to it; its classes are empty where the file does not say them.
  package private(set) var state: ModelState
  /// Whether the file says whether the network is a classifier.
  package private(set) var saysTask: Bool
  /// Whether the file says what follows every layer.
  package let saysActivations: Bool
  /// What is known of the units of the network's inputs and outputs.
  package let units: Units
  /// Writes the network back as the file had it; nil where nothing of the file is worth keeping.
  package let template: (any ModelTemplate)?
  /// How a checkpoint's state came to be; nil for other files.
  package let lineage: JSONValue?
  /// What a checkpoint's bits depend on besides settings and data; nil for other files.
  package let fingerprint: JSONValue?
  /// Sentences for the user: what of the file is not part of the model.
  package let notes: [String]
  /// SHA-256 of every file beside this one that holds part of the model, by its name.
  package let attachments: [String: String]

  /// A model that was read.
  package init(
    state: ModelState, saysTask: Bool = true, saysActivations: Bool = true,
    units: Units = .open, template: (any ModelTemplate)? = nil, lineage: JSONValue? = nil,
    fingerprint: JSONValue? = nil, notes: [String] = [], attachments: [String: String] = [:]
  ) {
    self.state = state
    self.saysTask = saysTask
    self.saysActivations = saysActivations
    self.units = units
    self.template = template
    self.lineage = lineage
    self.fingerprint = fingerprint
    self.notes = notes
    self.attachments = attachments
  }

  /// SHA-256 that stands for the model in a file of `bytes` and in what lies beside it.
  package func digest(of bytes: [UInt8]) -> String {
    let own = Digest.sha256(bytes)
    if attachments.isEmpty { return own }
    let files = attachments.sorted { $0.key < $1.key }.map { $0.key + "\n" + $0.value + "\n" }
    return Digest.sha256(Array((own + "\n" + files.joined()).utf8))
  }

  /// The same model as a classifier of `classes`, in the order of its outputs; of a file that does not say
  /// its task.
  package func classifying(_ classes: [String]) -> FileModel {
    var model = self
    model.state.classes = classes
    model.saysTask = true
    return model
  }

  /// The same model with the columns of `interface`; of a file that says nothing of them.
  package func knowing(_ interface: ModelInterface) -> FileModel {
    var model = self
    model.state.interface = interface
    model.state.interface?.loss = state.interface?.loss
    return model
  }

  /// Why `classes` cannot be those of this model; nil where they can.
  package func obstacle(toClasses classes: [String]) -> String? {
    if saysTask {
      return "the file says itself what its outputs are"
        + (state.classes.isEmpty
          ? " (values)" : " (\(state.classes.map(\.showingInvisible).joined(separator: ", ")))")
        + "; leave the classes out"
    }
    let outputs = state.network.outputs
    let expected = max(2, outputs)
    guard classes.count == expected, classes.areDistinct, !classes.contains("") else {
      return
        "\(classes.count) classes were given (\(classes.map(\.showingInvisible).joined(separator: ", "))), and a network "
        + "with \(counted(outputs, "output")) tells \(expected) different ones "
        + "apart; give their names in the order of the outputs"
    }
    return nil
  }

  /// The template where it is of `format`.
  private func ownTemplate(_ format: any ModelFormat) -> (any ModelTemplate)? {
    template.flatMap { $0.suffix == format.suffix ? $0 : nil }
  }

  /// Whether a file of `format` is written in the form in which this one came, rather than anew.
  package func keepsForm(as format: any ModelFormat) -> Bool { ownTemplate(format) != nil }

  /// Why a file of `format` cannot hold this network with its biases changed; nil where one can.
  package func biasObstacle(in format: any ModelFormat) -> String? {
    ownTemplate(format)?.biasObstacle
  }

  /// The files of `format` for `export`, which this model has become: of its own format one as it came,
  /// else anew.
  /// - Parameter path: that of the first of them.
  /// - Throws: `ModelFileError.unsupported`.
  package func files(
    of export: ModelExport, as format: any ModelFormat, at path: String
  ) throws(ModelFileError) -> [ExportedFile] {
    guard let template = ownTemplate(format) else {
      return try format.files(of: export, at: path)
    }
    return [ExportedFile(path: path, bytes: try template.bytes(of: export))]
  }
}

/// What else a file says beside its model, such as the names of its tensors, so that the same network
/// with other parameters is written back as it came.
package protocol ModelTemplate: Sendable {
  /// That of the format.
  var suffix: String { get }
  /// Why the network's biases cannot change: what is wrong and what to do, as a clause; nil where they
  /// can.
  var biasObstacle: String? { get }
  /// The content of a file with the parameters of `export`.
  /// - Throws: `ModelFileError.unsupported`.
  func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8]
}
