import Glibc
import Storage

/// Standard output and standard error, written whole and unbuffered by Swift.
enum Output {
  /// Writes `text` and a line break to standard output: what a command was asked for.
  ///
  /// - Throws: `StoreError` when it cannot be written; a reader that has gone away is no error.
  static func line(_ text: String) throws(StoreError) {
    try exact(ShownText.of(text, keeping: usesColour ? Style.sequences : []) + "\n")
  }

  /// Writes `text` as it is, byte by byte, to standard output, or standard error: what another program reads.
  ///
  /// - Throws: as `line` does.
  static func exact(_ text: String, to descriptor: Int32 = 1) throws(StoreError) {
    do throws(StoreError) {
      try DurableFile.writeAll(
        Array(text.utf8), to: descriptor,
        path: descriptor == 1 ? "standard output" : "standard error", keeps: false)
    } catch  where error.code == EPIPE {
      return
    }
  }

  /// Writes `text` to standard output, if it can be: what tells how a run goes.
  static func progress(_ text: String) {
    let sequences = isTerminal ? Style.sequences + LiveLine.sequences : []
    write(ShownText.of(text, keeping: sequences), to: 1)
  }

  /// Writes `text` to standard error, if it can be: what tells how far something is.
  static func errorProgress(_ text: String) {
    let sequences = isTerminalForErrors ? Style.sequences + LiveLine.sequences : []
    write(ShownText.of(text, keeping: sequences), to: 2)
  }

  /// Writes `text` and a line break to standard error.
  static func error(_ text: String) {
    let sequences = usesColourForErrors ? Style.sequences : []
    write(ShownText.of(text, keeping: sequences) + "\n", to: 2)
  }

  /// Writes what is no error but should be seen to standard error.
  static func notice(_ notice: Notice) { error("\(notice.word): \(notice.text.onOneLine)") }

  /// Writes `text`, which is always to be seen, to standard error.
  static func warning(_ text: String) { notice(.warning(text)) }

  /// Makes sure that the first three descriptors are taken: a file that got one of them would be
  /// written over. A stream that was closed is one that cannot be written to.
  static func settleStreams() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Whether standard output is a terminal that shows more than plain lines.
  static var isTerminal: Bool { isTerminal(1) }

  /// Whether words are wanted in place of bars and of lines that change (`ACCESSIBLE=1`).
  static var isAccessible: Bool { !["", "0"].contains(environment("ACCESSIBLE") ?? "") }

  /// Cells of a line of the terminal that standard output is, as many as it has now; nil elsewhere, where
  /// lines may have any.
  static var width: Int? { isatty(1) == 1 ? columns(of: 1) : nil }

  /// Likewise of standard error.
  static var widthForErrors: Int? { isatty(2) == 1 ? columns(of: 2) : nil }

  /// Whether colours are wanted on standard output (see no-color.org).
  static var usesColour: Bool { isTerminal(1) && hasNoObjection }

  /// Whether colours are wanted on standard error.
  static var usesColourForErrors: Bool { isTerminal(2) && hasNoObjection }

  /// Whether standard error is a terminal that shows more than plain lines.
  static var isTerminalForErrors: Bool { isTerminal(2) }

  /// The value of the environment variable `name`.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// All variables of the environment.
  static var environment: [String: String] {
    var found: [String: String] = [:]
    var place = environ
    while let entry = place.pointee {
      let parts = String(cString: entry).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { found[String(parts[0])] = String(parts[1]) }
      place += 1
    }
    return found
  }

  private static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && environment("TERM") != "dumb"
  }

  /// A terminal that does not know how wide it is has the width that the environment says, or 80.
  private static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    if isKnown { return Int(size.ws_col) }
    let stated = environment("COLUMNS").flatMap(Int.init) ?? 80
    return stated > 0 ? stated : 80
  }

  private static var hasNoObjection: Bool {
    (environment("NO_COLOR") ?? "").isEmpty && !isAccessible
  }

  /// Writes all of `text`, if it can be.
  private static func write(_ text: String, to descriptor: Int32) {
    try? DurableFile.writeAll(Array(text.utf8), to: descriptor, path: "", keeps: false)
  }
}
