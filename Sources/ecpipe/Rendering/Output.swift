import Glibc
import Storage

/// Standard output and standard error, written whole and unbuffered by Swift.
enum Output {
  /// Writes `text` and a line break to standard output: what a command was asked for.
  ///
  /// - Throws: `StoreError` when it cannot be written; a reader that has gone away is no error.
  static func line(_ text: String) throws(StoreError) {
    let code = write(text + "\n", to: 1)
    if code != 0, code != EPIPE {
      throw StoreError(operation: "write", path: "standard output", code: code)
    }
  }

  /// Writes `text` as it is to standard output, if it can be: what tells how a run goes.
  static func progress(_ text: String) { _ = write(text, to: 1) }

  /// Writes `text` and a line break to standard error.
  static func error(_ text: String) { _ = write(text + "\n", to: 2) }

  /// Whether standard output is a terminal that shows more than plain lines.
  static var isTerminal: Bool { isTerminal(1) }

  /// Whether colours are wanted on standard output (see no-color.org).
  static var usesColour: Bool { isTerminal(1) && hasNoObjection }

  /// Whether colours are wanted on standard error.
  static var usesColourForErrors: Bool { isTerminal(2) && hasNoObjection }

  /// The value of the environment variable `name`.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && environment("TERM") != "dumb"
  }

  private static var hasNoObjection: Bool { (environment("NO_COLOR") ?? "").isEmpty }

  /// Writes all of `text`; 0, or the system's error number.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let taken = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if taken < 0, errno == EINTR { continue }
      if taken < 0 { return errno }
      written += taken
    }
    return 0
  }
}
