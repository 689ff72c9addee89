import NeuralNetworks
import Storage

/// A model that is to be written for others, with what the files say of it.
package struct ModelExport: Sendable {
  /// The network with what belongs to it.
  package var state: ModelState
  /// Whether it is known that the network is a classifier, or none.
  package let saysTask: Bool
  /// Where the model comes from; nil where nothing is known.
  package let origin: ModelOrigin?
  /// What is asked for beside the format.
  package var options: ExportOptions
  /// The same network in bytes, where that was asked for.
  package var quantized: QuantizedNetwork?
  /// How good that one was found to be beside the float network, for people: a line each.
  package var quantizedQuality: [String]

  /// A model to be written.
  package init(
    _ state: ModelState, saysTask: Bool = true, origin: ModelOrigin? = nil,
    options: ExportOptions = ExportOptions()
  ) {
    self.state = state
    self.saysTask = saysTask
    self.origin = origin
    self.options = options
    quantized = nil
    quantizedQuality = []
  }

  /// The classes in the order of the outputs, empty for regression; nil where it is not known which of
  /// the two it is.
  package var classes: [String]? { saysTask ? state.classes : nil }
}

/// Where a model comes from that is written for others.
package struct ModelOrigin: Sendable, Equatable {
  /// SHA-256 of the file that it was read from, in hexadecimal digits.
  package let sha256: String
  /// How it came to be, as its checkpoint says; nil for other files.
  package let lineage: JSONValue?
  /// How good it was found to be when it was stored, for people: "accuracy 97.04 % on the validation part";
  /// nil where nothing says it.
  package let quality: String?

  /// The model of a file.
  package init(sha256: String, lineage: JSONValue?, quality: String? = nil) {
    self.sha256 = sha256
    self.lineage = lineage
    self.quality = quality
  }
}

/// A file that is to be written.
package struct ExportedFile: Sendable, Equatable {
  /// Where.
  package let path: String
  /// Its content.
  package let bytes: [UInt8]

  /// A file at `path`.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

extension Sequence<ExportedFile> {
  /// Bytes of all of them together.
  package var byteCount: Int { reduce(0) { $0 + $1.bytes.count } }
}
