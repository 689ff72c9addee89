/// What may be asked for of files for others beside their format. Each format knows some of it.
package struct ExportOptions: Sendable, Equatable {
  /// Whether weights and activations are eight-bit numbers.
  package var int8 = false
  /// What eight-bit numbers may cost at most: points of accuracy, or percent of the rmse; nil for any.
  package var maxDrop: Double?
  /// Whether weights are in a file of their own.
  package var separateWeights = false
  /// What all names in a source begin with; nil for one made from the file's name.
  package var prefix: String?
  /// Whether weights of an ONNX file are without their zeros where that is smaller.
  package var sparseInitializers = false
  /// Whether weights of a safetensors file are without their zeros where that is smaller.
  package var sparseBitmask = false

  /// Nothing but the format.
  package init() {}

  /// What is asked for.
  package var asked: [ExportOption] {
    ExportOption.allCases.filter { option in
      switch option {
      case .int8: int8
      case .maxDrop: maxDrop != nil
      case .separateWeights: separateWeights
      case .prefix: prefix != nil
      case .sparseInitializers: sparseInitializers
      case .sparseBitmask: sparseBitmask
      }
    }
  }

  /// Whether names in a source may begin with `text`.
  package static func canBePrefix(_ text: String) -> Bool { CName(stated: text) != nil }

  /// One that is asked for without int8, which it says something of; nil where there is none.
  package var withoutInt8: ExportOption? { int8 || maxDrop == nil ? nil : .maxDrop }

  /// The first that is asked for and that `format` does not know; nil where there is none.
  package func unknown(to format: any ModelFormat) -> ExportOption? {
    asked.first { !format.options.contains($0) }
  }
}

/// An option of files for others; the word is that of a schedule.
package enum ExportOption: String, Sendable, CaseIterable {
  case int8
  case maxDrop = "max_drop"
  case separateWeights = "separate_weights"
  case prefix
  case sparseInitializers = "sparse_initializers"
  case sparseBitmask = "sparse_bitmask"

  /// As it stands on a command line: `--separate-weights`.
  package var commandLine: String {
    "--" + String(rawValue.map { $0 == "_" ? "-" : $0 })
  }
}
