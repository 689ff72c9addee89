import NeuralNetworks
import Storage

/// What a network that exists before its data demands of them.
package struct NetworkInterface: Sendable, Equatable {
  /// The network's file, for messages.
  package let file: String
  /// Columns of the inputs.
  package let inputs: Int
  /// How the network's inputs are scaled, in place of a scale fitted to the data; nil where it brings
  /// none.
  package let inputScale: AffineScaling?
  /// Likewise for the targets of a regression.
  package let targetScale: AffineScaling?
  /// Names of its classes in the order of its outputs; empty where it brings none.
  package let classes: [String]
  /// What the network knows of its data; nil where nothing is known.
  package let interface: ModelInterface?

  package init(
    file: String, inputs: Int, inputScale: AffineScaling? = nil, targetScale: AffineScaling? = nil,
    classes: [String] = [], interface: ModelInterface? = nil
  ) {
    self.file = file
    self.inputs = inputs
    self.inputScale = inputScale
    self.targetScale = targetScale
    self.classes = classes
    self.interface = interface
  }

  /// The classes for reading labels.
  var knownClasses: KnownClasses? {
    classes.isEmpty ? nil : KnownClasses(names: classes, training: file)
  }

  /// Checks that the columns of `data` are the network's.
  /// - Throws: `DatasetError`.
  func check(_ data: Dataset) throws(DatasetError) {
    func check(_ role: String, _ columns: Int, _ expected: Int) throws(DatasetError) {
      guard columns != expected else { return }
      throw .at(
        data.source,
        "\(counted(columns, "column")) of \(role), and the network \(file) has \(expected); use the "
          + "data that it was made for")
    }
    try check("inputs", data.inputs.columns, inputs)
    if let targetScale { try check("targets", data.targets.width, targetScale.shift.count) }
  }
}

extension NetworkInterface {
  /// What to tell the user where the network says nothing of its data, and these are `data`, to be scaled
  /// by `scaling` and `targetScaling`.
  func notes(on data: Dataset, scaling: Scaling, targetScaling: Scaling) -> [String] {
    guard interface == nil else { return [] }
    var notes: [String] = []
    if data.featureNames != nil {
      notes.append(UnnamedColumns.note(on: data.source, of: file))
    }
    for (key, scaling, own) in [
      ("scale", scaling, inputScale), ("scale_targets", targetScaling, targetScale),
    ] where own == nil && scaling != .none {
      notes.append(
        "\(file) does not say in which units its data were; \(key): \(scaling.rawValue) is right only "
          + "if it was trained on data that were scaled so; for one that takes raw data write "
          + "\(key): none")
    }
    return notes
  }
}

/// A model that knows no names of columns, and data that have some.
package enum UnnamedColumns {
  /// What to tell the user: which of `data`'s columns is which input of the model in `file`.
  package static func note(on data: String, of file: String) -> String {
    "\(data): the model \(file) knows no names of columns, so they are taken in order"
  }
}
