/// Why arrays cannot be read from a file of NumPy.
package enum ArrayFileError: Error, Equatable, Sendable {
  /// The file, or an entry, is none of the format.
  case otherFormat(String, expected: String)
  /// A file of a format that is not what was written; `reason` says where.
  case malformed(String, String, reason: String)
  /// A file of a format with something that is not read.
  case unsupported(String, String, feature: String)
  /// An entry that unpacks to more bytes than are allowed.
  case tooLarge(String, bytes: Int, limit: Int)
  /// An entry that does not unpack.
  case compression(String, CompressionError)
}

extension ArrayFileError: CustomStringConvertible {
  /// What is wrong, where, and what to do, as a clause that goes on from the name of the file.
  package var description: String {
    switch self {
    case .otherFormat(_, let format): "this is not an \(format) file; check the path"
    case .malformed(_, let format, let reason):
      "the \(format) file is damaged (\(reason)); copy or download it again"
    case .unsupported(_, let format, let feature):
      "the \(format) file has \(feature), which is not supported; save it as plain numbers"
    case .tooLarge(_, let bytes, let limit):
      "the file has \(bytes) bytes, and \(limit) are allowed; use a smaller file"
    case .compression(_, let error): error.description
    }
  }

  /// The file, and the entry, that it is about.
  package var place: String {
    switch self {
    case .otherFormat(let place, _), .malformed(let place, _, _), .unsupported(let place, _, _),
      .tooLarge(let place, _, _), .compression(let place, _):
      place
    }
  }
}
