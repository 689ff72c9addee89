/// A way past rows without quotes. It passes what it knows for sure; all else is left to `next(file:)`, which gives the
/// same.
extension CSVScanner {
  /// A row that was passed as a whole.
  struct Row {
    let fields: Int
    /// Whether nothing stands in the last field, not even quotes.
    let isLastEmpty: Bool
  }

  /// Passes a row.
  /// - Throws: as `next(file:)` does.
  mutating func nextRow(file: String) throws(DatasetError) -> Row {
    var fields = 1
    var last = try next(file: file)
    while !last.endsRow {
      last = try next(file: file)
      fields += 1
    }
    return Row(fields: fields, isLastEmpty: last.isEmpty)
  }

  /// Passes a row that lies in the window and has no quote.
  ///
  /// - Returns: nil where nothing was passed.
  mutating func nextPlainRow() -> Row? {
    guard let (row, next) = plainRow else { return nil }
    position = next
    line += 1
    return row
  }

  /// That row, and where the next one begins.
  private var plainRow: (Row, next: Int)? {
    let text = bytes.span.bytes
    let end = text.byteCount
    let first = position
    var i = first
    var fields = 1
    let delimiters = Self.repeated(delimiter)
    while i + 8 <= end {
      let word = UInt64(
        littleEndian: text.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt64.self))
      if !Self.hasSmallByte(word) {
        // Neither a quote nor the end of a line.
        fields &+= Self.count(Self.marks(word, of: delimiters))
        i &+= 8
        continue
      }
      if Self.marks(word, of: Self.quotes) != 0 { return nil }
      let ends = Self.marks(word, of: Self.lineFeeds) | Self.marks(word, of: Self.carriageReturns)
      var found = Self.marks(word, of: delimiters)
      if ends == 0 {
        fields += Self.count(found)
        i += 8
        continue
      }
      // Those before the end of the line.
      found &= (ends & (~ends &+ 1)) &- 1
      fields += Self.count(found)
      i += ends.trailingZeroBitCount / 8
      // Of the next line there has to be enough to see that it is none of blanks.
      guard i + 2 < end else { return nil }
      guard let next = lineBehind(i) else { return nil }
      let isEmpty = i == first || bytes[i - 1] == delimiter
      return (Row(fields: fields, isLastEmpty: isEmpty), next)
    }
    return nil
  }

  /// Where the line behind the end of one at `place` begins; at least two bytes follow there.
  ///
  /// - Returns: nil where no line ends, or one of blanks may follow.
  func lineBehind(_ place: Int) -> Int? {
    var next = place + 1
    switch bytes[place] {
    case Self.lineFeed: break
    case Self.carriageReturn: if bytes[next] == Self.lineFeed { next += 1 }
    default: return nil
    }
    return bytes[next] > UInt8(ascii: " ") || bytes[next] == delimiter ? next : nil
  }

  private static let quotes = repeated(quote)
  private static let lineFeeds = repeated(lineFeed)
  private static let carriageReturns = repeated(carriageReturn)

  private static func repeated(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// Whether a byte of `word` is less than those that numbers are written with: quotes, ends of lines, blanks and tabs
  /// are.
  private static func hasSmallByte(_ word: UInt64) -> Bool {
    (word &- 0x2b2b_2b2b_2b2b_2b2b) & ~word & 0x8080_8080_8080_8080 != 0
  }

  /// How many bytes are marked.
  private static func count(_ marks: UInt64) -> Int {
    Int(truncatingIfNeeded: ((marks >> 7) &* 0x0101_0101_0101_0101) >> 56)
  }

  /// The highest bit of each byte of `word` that is the one of `bytes`.
  private static func marks(_ word: UInt64, of bytes: UInt64) -> UInt64 {
    let difference = word ^ bytes
    let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
    return ~(((difference & low) &+ low) | difference | low)
  }
}
