/// Why a network could not be loaded.
public struct LoadingError: Error, Equatable, Sendable {
  /// The kinds of reasons.
  public enum Kind: Sendable, Equatable {
    /// There is no file.
    case missing
    /// There is one that may not be read.
    case unreadable
    /// The file is not what was once written.
    case damaged
    /// The file is no model, or one that cannot be run.
    case unsupported
  }

  /// The file's.
  public let path: String
  /// What kind of reason.
  public let kind: Kind
  /// What is wrong, where in the file, and what to do.
  public let reason: String

  init(_ path: String, _ kind: Kind, _ reason: String) {
    (self.path, self.kind, self.reason) = (path, kind, reason)
  }
}

extension LoadingError: CustomStringConvertible {
  /// The path with what is wrong.
  public var description: String {
    kind == .damaged ? "\(path): damaged: \(reason)" : "\(path): \(reason)"
  }
}
