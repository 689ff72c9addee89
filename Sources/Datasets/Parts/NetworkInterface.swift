/// What a network that exists before its data demands of them.
package struct NetworkInterface: Sendable, Equatable {
  /// The network's file, for messages.
  package let file: String
  /// Columns of the inputs.
  package let inputs: Int
  /// How the network's inputs are scaled, in place of a scale fitted to the data; nil where it brings
  /// none.
  package let inputScale: ColumnScale?
  /// Likewise for the targets of a regression.
  package let targetScale: ColumnScale?
  /// Names of its classes in the order of its outputs; empty where it brings none.
  package let classes: [String]

  package init(
    file: String, inputs: Int, inputScale: ColumnScale? = nil, targetScale: ColumnScale? = nil,
    classes: [String] = []
  ) {
    self.file = file
    self.inputs = inputs
    self.inputScale = inputScale
    self.targetScale = targetScale
    self.classes = classes
  }

  /// The classes for reading labels.
  var knownClasses: KnownClasses? {
    classes.isEmpty ? nil : KnownClasses(names: classes, training: file)
  }

  /// Checks that the columns of `data` are the network's.
  /// - Throws: `DatasetError`.
  func check(_ data: Dataset) throws(DatasetError) {
    guard data.inputs.columns == inputs else {
      throw .parts(
        .notTheNetworks(
          file: data.source, role: .inputs, columns: data.inputs.columns, model: file,
          expected: inputs))
    }
    if let scale = targetScale, data.targets.width != scale.shift.count {
      throw .parts(
        .notTheNetworks(
          file: data.source, role: .targets, columns: data.targets.width, model: file,
          expected: scale.shift.count))
    }
  }
}
