/// The last line of a terminal, which is drawn anew while something goes on.
///
/// The cursor stands at its beginning: where the terminal gets narrower and breaks the line, the cursor is still
/// there, and what follows below is the line's own.
package struct LiveLine: Sendable {
  /// Whether it is there.
  package private(set) var isThere = false
  /// The most cells that it has had since the terminal has its width.
  private var cells = 0
  private var columns: Int?

  package init() {}

  /// What draws `text`, which has so many cells, in place of what was drawn before.
  ///
  /// The terminal cuts what is too long: it may be narrower by now than it was known to be.
  ///
  /// - Parameter columns: cells of a line of the terminal.
  package mutating func drawing(_ text: String, cells: Int, columns: Int?) -> String {
    let clearing = clearing(columns)
    self.cells = columns == self.columns ? max(self.cells, cells) : cells
    self.columns = columns
    isThere = true
    return clearing + Self.cutting + text + Self.breaking + Self.start
  }

  /// What takes the line away; nothing where it is not there.
  package mutating func erasing(columns: Int?) -> String {
    if !isThere { return "" }
    let clearing = clearing(columns)
    (isThere, cells) = (false, 0)
    return clearing
  }

  /// Clears the line, and the lines below that it has become in a terminal that got narrower.
  private func clearing(_ columns: Int?) -> String {
    let rows = columns.map { max(0, cells - 1) / max(1, $0) } ?? 0
    if rows == 0 { return Self.start + Self.clear }
    // Down does not scroll, and the way back does not depend on how far that was.
    return Self.start + Self.clear + Self.mark
      + String(repeating: Self.down + Self.clearAll, count: rows) + Self.back
  }

  /// All that is said to a terminal.
  package static let sequences = [
    start, clear, clearAll, cutting, breaking, mark, back, down,
  ]

  private static let start = "\r"
  private static let clear = "\u{1b}[K"
  private static let clearAll = "\u{1b}[2K"
  private static let cutting = "\u{1b}[?7l"
  private static let breaking = "\u{1b}[?7h"
  private static let mark = "\u{1b}7"
  private static let back = "\u{1b}8"
  private static let down = "\u{1b}[B"
}
