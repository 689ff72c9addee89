import Engine
import NumericCore

/// Why the model in a file cannot be had, or a model not be put into a file.
package enum ModelFileError: Error, Equatable, Sendable {
  /// The file is not what was written; `reason` says where and what to do.
  case damaged(reason: String)
  /// The file, or what shall be written, is nothing that is supported; the text says what to do.
  case unsupported(String)
  /// The caller says another activation than the file.
  case activationDiffers(given: Activation, layer: String, found: Activation)
}

extension ModelFileError: CustomStringConvertible {
  /// What is wrong, where, and what to do, as a clause that goes on from the name of a file.
  package var description: String {
    switch self {
    case .damaged(let text), .unsupported(let text): text
    case .activationDiffers(let given, let layer, let found):
      "the activation \(given.rawValue) was given, and the file says \(found.rawValue) for "
        + "\(layer); leave it out"
    }
  }

  /// The same of the file at `path`, in whole.
  package func text(of path: String) -> String {
    if case .damaged = self { "\(path): damaged: \(self)" } else { "\(path): \(self)" }
  }
}
