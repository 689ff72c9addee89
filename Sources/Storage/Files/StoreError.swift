import Glibc

/// A file operation that the system refused.
package struct StoreError: Error, Equatable {
  /// The system's word for it: write, fsync, rename, …
  package let operation: String
  package let path: String
  /// The system's error number.
  package let code: Int32
  /// Bytes that the operation needed, on disk or of memory, where that is known.
  package let needed: Int?
  /// Whether the place keeps what is written: not standard output, a pipe, or a device.
  package let isKept: Bool

  package init(operation: String, path: String, code: Int32, needed: Int? = nil) {
    self.operation = operation
    self.path = path
    self.code = code
    self.needed = needed
    isKept = true
  }

  /// A refusal to take what was written to a stream.
  package init(sendingTo path: String, code: Int32) {
    (self.path, self.code) = (path, code)
    (operation, needed, isKept) = ("write", nil, false)
  }

  /// Whether there is no space left.
  package var isFull: Bool { code == ENOSPC || code == EDQUOT }

  /// Whether the file or a folder on the way to it does not exist.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether something else stands in the place of a file: a folder, a pipe, a device.
  package var isOfNoFile: Bool { operation == "read" && (code == EISDIR || code == EINVAL) }

  /// Calls `body`, again when a signal interrupts it, and throws when it reports −1.
  package static func check(
    _ operation: String, _ path: String, needed: Int? = nil, _ body: () -> Int32
  ) throws(StoreError) -> Int32 {
    while true {
      let result = body()
      if result >= 0 { return result }
      if errno != EINTR {
        throw StoreError(operation: operation, path: path, code: errno, needed: needed)
      }
    }
  }
}

extension StoreError: CustomStringConvertible {
  /// The system's word for the error number.
  package var reason: String { String(cString: strerror(code)) }

  package var description: String {
    if isKept, isFull {
      let space = needed.map { ": \($0) bytes are needed there" } ?? ""
      return "\(path): the disk is full\(space); make space and run the same command again"
    }
    return "\(path): \(operation) failed: \(reason)"
  }
}
