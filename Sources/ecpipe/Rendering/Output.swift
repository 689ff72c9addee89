import Glibc

/// Standard output and standard error, written whole and unbuffered by Swift.
enum Output {
  /// Writes `text` and a line break to standard output.
  static func line(_ text: String) { write(text + "\n", to: 1) }

  /// Writes `text` and a line break to standard error.
  static func error(_ text: String) { write(text + "\n", to: 2) }

  /// Writes `text` as it is to standard output.
  static func raw(_ text: String) { write(text, to: 1) }

  /// Whether standard output is a terminal that shows more than plain lines.
  static var isTerminal: Bool { isatty(1) == 1 && environment("TERM") != "dumb" }

  /// Whether colours are wanted (see no-color.org).
  static var usesColour: Bool { isTerminal && (environment("NO_COLOR") ?? "").isEmpty }

  /// The value of the environment variable `name`.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let taken = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if taken < 0, errno == EINTR { continue }
      if taken <= 0 { return }
      written += taken
    }
  }
}
