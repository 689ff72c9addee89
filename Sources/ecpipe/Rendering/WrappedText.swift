/// Text that is broken between words, so that its lines fit a width.
package enum WrappedText {
  /// The lines of `text`, each at most `width` cells wide.
  ///
  /// - Parameter indent: cells that all lines but the first are indented by.
  package static func lines(_ text: String, width: Int, indent: Int = 0) -> [String] {
    let words = text.split(separator: " ").joined(separator: " ")
    return joined([words], by: "", width: width, indent: indent)
  }

  /// The lines that `parts` come to, as many in a line as fit, with `separator` between those of a line.
  ///
  /// A part that is wider than a line is broken between its words, and a word that is, behind a sign within it
  /// (`/`, `-`, `_`, `.` or `,`), or, where it has none, anywhere.
  ///
  /// - Parameter indent: cells that the rest of a part is indented by which is broken.
  package static func joined(
    _ parts: [String], by separator: String, width: Int, indent: Int = 0
  ) -> [String] {
    var lines: [String] = []
    var line = ""
    for part in parts where !part.isEmpty {
      let needed = line.displayWidth + separator.displayWidth + part.displayWidth
      if !line.isEmpty, needed <= width {
        line += separator + part
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      var rest = part
      while line.displayWidth + rest.displayWidth > width {
        let head = head(of: rest, width: max(1, width - line.displayWidth))
        lines.append(line + head.shown)
        rest = head.rest
        if rest.isEmpty { break }
        line = blanks(min(indent, width - 1))
      }
      line = rest.isEmpty ? "" : line + rest
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// What stands behind a number, and is not parted from it.
  private static let units: Set<Substring> = [
    "%", "s", "ms", "µs", "min", "h", "B", "KiB", "MiB", "GiB", "TiB", "byte", "bytes",
  ]

  /// Whether the blank at `index` is between a number and its unit.
  private static func isBeforeUnit(_ index: String.Index, in text: String) -> Bool {
    guard text[..<index].last?.isNumber == true else { return false }
    let word = text[text.index(after: index)...].prefix { $0 != " " }
    return units.contains(word.prefix { !",.;:)".contains($0) })
  }

  /// What of `text` goes into a line of `width` cells, and what is left for the next.
  private static func head(of text: String, width: Int) -> (shown: String, rest: String) {
    var start = text.start(width)
    if start.isEmpty { start = String(text.prefix(1)) }
    let end = text.index(text.startIndex, offsetBy: start.count)
    let blanks = text.indices.prefix { $0 <= end }.filter { text[$0] == " " }
    if let blank = blanks.last(where: { !isBeforeUnit($0, in: text) }) ?? blanks.last {
      return (String(text[..<blank]), String(text[text.index(after: blank)...]))
    }
    if let sign = start.lastIndex(where: { "/-_.,".contains($0) }), sign > start.startIndex {
      start = String(start[...sign])
    }
    return (start, String(text.dropFirst(start.count)))
  }
}
