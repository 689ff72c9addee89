/// What can be wrong with compressed bytes.
package enum CompressionError: Error, Equatable, Sendable {
  /// A compressed format this module reads.
  package enum Format: String, Sendable {
    case gzip, deflate, zstd
  }

  /// The bytes do not begin as this format does.
  case notThisFormat(Format)
  /// The bytes end before the compressed data does.
  case truncated(Format)
  /// The bytes contradict themselves or their checksum; `reason` is the library's word for it.
  case corrupt(Format, reason: String)
  /// The decompressed data would take more than `limit` bytes.
  case overLimit(Format, limit: Int)
  /// The decompressed data has another size than was announced.
  case sizeMismatch(Format, expected: Int, actual: Int)
  /// A frame without a checksum, where one is required.
  case noChecksum(Format)
  /// The library found no memory for its own state.
  case outOfMemory(Format)
}

extension CompressionError: CustomStringConvertible {
  /// What is wrong and what to do, as a clause that goes on from the name of a file or an entry.
  package var description: String { "\(problem); \(remedy)" }

  private var remedy: String {
    switch self {
    case .notThisFormat: "rename the file or compress it anew"
    case .truncated, .corrupt, .sizeMismatch: "copy or download the file again"
    case .overLimit: "use a smaller file"
    case .noChecksum: "write it again with one"
    case .outOfMemory: "free some, or raise the limit (ulimit -v), and try again"
    }
  }

  /// What is wrong.
  package var problem: String {
    switch self {
    case .notThisFormat(let format):
      "this is not \(format.rawValue) data"
    case .truncated(let format):
      "the \(format.rawValue) data is truncated"
    case .corrupt(let format, let reason):
      "the \(format.rawValue) data is damaged (\(reason))"
    case .overLimit(let format, let limit):
      "the \(format.rawValue) data unpacks to more than the \(limit) bytes allowed"
    case .sizeMismatch(let format, let expected, let actual):
      "the \(format.rawValue) data unpacks to \(actual) bytes where \(expected) were announced"
    case .noChecksum(let format):
      "the \(format.rawValue) frame has no checksum"
    case .outOfMemory(let format):
      "there is no memory for \(format.rawValue)"
    }
  }
}
