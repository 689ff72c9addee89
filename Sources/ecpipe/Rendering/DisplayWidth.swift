/// Cells of a terminal that text takes: what lines are measured by, not characters.
///
/// Source: UAX #11, East Asian Width. Wide and fullwidth characters take two cells, marks that sit on
/// another character none.
extension String {
  /// Cells that the text takes on a terminal; it has no line breaks and no escape sequences.
  package var displayWidth: Int {
    utf8.allSatisfy { $0 < 0x7F } ? utf8.count : reduce(0) { $0 + $1.displayWidth }
  }

  /// The text with blanks behind it, `width` cells at least.
  package func padded(to width: Int) -> String { self + blanks(width - displayWidth) }

  /// The text with blanks before it, `width` cells at least.
  package func indented(to width: Int) -> String { blanks(width - displayWidth) + self }

  /// The text in at most `width` cells: where it is longer its end is left out, and `…` stands there.
  package func clipped(to width: Int) -> String {
    if displayWidth <= width { return self }
    return start(width - 1) + (width > 0 ? "…" : "")
  }

  /// The text in at most `width` cells: where it is longer its beginning is left out, and `…` stands there.
  package func clippedAtStart(to width: Int) -> String {
    if displayWidth <= width { return self }
    return (width > 0 ? "…" : "") + end(width - 1)
  }

  /// As many characters from the beginning as `width` cells hold.
  package func start(_ width: Int) -> String {
    var left = width
    return String(
      prefix { character in
        left -= character.displayWidth
        return left >= 0
      })
  }

  /// As many characters from the end as `width` cells hold.
  package func end(_ width: Int) -> String {
    var left = width
    let count = reversed().prefix { character in
      left -= character.displayWidth
      return left >= 0
    }.count
    return String(suffix(count))
  }
}

/// `count` blanks; none where it is below 0.
package func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

extension Character {
  /// Cells that the character takes on a terminal.
  package var displayWidth: Int {
    let scalars = unicodeScalars
    // What is joined to one picture takes the place of its first part.
    let isJoined = scalars.contains { $0 == "\u{200D}" || $0.properties.isEmojiModifier }
    if isJoined, scalars.count > 1, let first = scalars.first { return first.displayWidth }
    return scalars.reduce(0) { $0 + $1.displayWidth }
  }
}

extension Unicode.Scalar {
  /// Cells that the scalar takes on a terminal.
  fileprivate var displayWidth: Int {
    if value < 0x7F { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return value == 0xAD ? 1 : 0
    default: break
    }
    // Vowels and finals of Hangul that follow an initial, which has both cells.
    if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value) { return 0 }
    return isWide ? 2 : 1
  }

  private var isWide: Bool {
    if value < 0x1100 { return false }
    // Two of them are a flag of two cells.
    if (0x1F1E6...0x1F1FF).contains(value) { return false }
    return properties.isEmojiPresentation || Self.wide.contains { $0.contains(value) }
  }

  /// What UAX #11 calls wide or fullwidth, apart from pictures, which Unicode knows as such.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF,
    0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
    0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265,
    0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}
