import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import Storage

/// The trained network that a run begins with, in a file of any format that is read.
///
/// Its masks stay, and what they remove counts as pruned. A checkpoint brings the scaling of its data
/// with it, and the classes, and these hold for the run's data; so `scale` beside it is an error. So it
/// is beside an export, which takes raw data. A state dict that says nothing of its data takes what
/// `scale` makes of them.
package struct StartingModel: Sendable, Equatable {
  /// As written in the schedule.
  package let path: WrittenText
  /// SHA-256 of the file's bytes, and of what lies beside it and belongs to it.
  package let digest: String
  /// The network with its scaling and classes.
  package let state: ModelState
  /// Behind every hidden layer.
  package let activation: Activation
  /// What is known of the units of its inputs and outputs.
  package let units: FileModel.Units
  /// The classes that the schedule says in place of the file; nil where it says none.
  package let classes: [String]?
  /// The names of files beside it that hold values of it.
  package let attachments: [String]
  /// Sentences for the user: what of the file is not part of the network.
  package let notes: [String]

  /// Widths of the hidden layers.
  package var hidden: [Int] { state.network.layers.dropLast().map(\.outputs) }

  /// What the network demands of the data.
  package var interface: NetworkInterface {
    NetworkInterface(
      file: path.value, inputs: state.network.inputs,
      inputScale: state.inputScaling, targetScale: state.targetScaling, classes: state.classes,
      interface: state.interface)
  }

  /// Reads the file that `field` names.
  ///
  /// - Parameters:
  ///   - activation: what the schedule says follows the hidden layers; nil for nothing.
  ///   - classes: those that the schedule says; nil for none.
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field, activation: Activation?, classes: [String]? = nil) {
    guard let path = Form.path().read(field) else { return nil }
    let file = FilePaths.resolve(path.value, in: field.context.folder)
    var model: FileModel
    if FilePaths.isFolder(file) {
      field.report(.unusableModel(Self.folderAdvice(file, written: path.value)))
      return nil
    }
    do {
      guard let bytes = try FilePaths.readIfThere(file) else {
        field.report(.missingModel(file))
        return nil
      }
      model = try ModelFormats.read(bytes, path: file, activation: activation)
      digest = model.digest(of: bytes)
    } catch let error as ModelFileError {
      field.report(.unusableModel(error.text(of: file)))
      return nil
    } catch {
      field.report(.unusableModel("\(error)"))
      return nil
    }
    if let classes {
      if let obstacle = model.obstacle(toClasses: classes) {
        field.report(.unusableModel("\(file): \(obstacle)"))
        return nil
      }
      model = model.classifying(classes)
    }
    let hidden = model.state.network.layers.dropLast()
    let activations = hidden.map(\.activation)
    if let first = activations.first, let other = activations.first(where: { $0 != first }) {
      field.report(
        .unusableModel(
          "\(file): its layers have different activations (\(first.rawValue), \(other.rawValue)), "
            + "and those of a schedule's network all have the same"))
      return nil
    }
    self.path = path
    state = model.state
    self.activation = activations.first ?? activation ?? .relu
    units = model.units
    attachments = model.attachments.keys.sorted()
    notes = model.notes.map { "\(path.written): \($0)" }
    self.classes = classes
  }

  /// What to write in place of the folder `file`: the result of the run, where it is one.
  private static func folderAdvice(_ file: String, written: String) -> String {
    let result = "/result.safetensors"
    let advice =
      FilePaths.exists(file + result)
      ? "a run's result is \(written.hasSuffix("/") ? String(written.dropLast()) : written)\(result)"
      : "name the file of a model in it"
    return "\(written) is a folder, and a schedule names files; \(advice)"
  }

  /// Reports, at the place of `start` in `field`, what `data` says and the file decides.
  package func check(_ data: DataSettings, _ field: Field?) {
    guard units != .open, let place = field?.member("start") else { return }
    let scales = [
      ("scale", data.scaling, state.inputScaling),
      ("scale_targets", data.targetScaling, state.targetScaling),
    ]
    for (key, scaling, own) in scales where scaling != .none {
      place.report(
        RelationFault.scaleOfModel(
          file: path.value, key: "data." + key, scale: scaling.rawValue, units, hasOwn: own != nil))
    }
  }
}
