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
    return clearing + "\u{1b}[?7l" + text + "\u{1b}[?7h\r"
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
    if rows == 0 { return "\r\u{1b}[K" }
    // Down does not scroll, and the way back does not depend on how far that was.
    return "\r\u{1b}[K\u{1b}7" + String(repeating: "\u{1b}[B\u{1b}[2K", count: rows) + "\u{1b}8"
  }
}
