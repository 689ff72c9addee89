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

  /// A model to be written.
  package init(_ state: ModelState, saysTask: Bool = true, origin: ModelOrigin? = nil) {
    self.state = state
    self.saysTask = saysTask
    self.origin = origin
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

  /// The model of a file.
  package init(sha256: String, lineage: JSONValue?) {
    self.sha256 = sha256
    self.lineage = lineage
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
