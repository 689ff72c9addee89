/// Ways past what most tables are made of: rows without quotes and numbers without surprises. They pass what they
/// know for sure; all else is left to `next(file:)`, which gives the same.
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
        littleEndian: text.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self))
      if Self.marks(word, of: Self.quotes) != 0 { return nil }
      let ends = Self.marks(word, of: Self.lineFeeds) | Self.marks(word, of: Self.carriageReturns)
      var found = Self.marks(word, of: delimiters)
      if ends == 0 {
        fields += found.nonzeroBitCount
        i += 8
        continue
      }
      // Those before the end of the line.
      found &= (ends & (~ends &+ 1)) &- 1
      fields += found.nonzeroBitCount
      i += ends.trailingZeroBitCount / 8
      // Of the next line there has to be enough to see that it is none of blanks.
      guard i + 2 < end else { return nil }
      guard let next = lineBehind(i) else { return nil }
      let isEmpty = i == first || bytes[i - 1] == delimiter
      return (Row(fields: fields, isLastEmpty: isEmpty), next)
    }
    return nil
  }

  /// A number that was passed.
  struct PlainNumber {
    let value: Double
    let endsRow: Bool
    /// Where the next field begins.
    fileprivate let next: Int
  }

  /// Passes a field that is a number of few digits, without blanks or quotes, in the window.
  ///
  /// - Returns: nil where nothing was passed.
  mutating func nextNumber() -> PlainNumber? {
    guard let number = plainNumber else { return nil }
    position = number.next
    if number.endsRow { line += 1 }
    return number
  }

  private var plainNumber: PlainNumber? {
    let text = bytes.span
    let end = text.count
    var i = position
    guard i < end else { return nil }
    let isNegative = text[i] == UInt8(ascii: "-")
    if isNegative { i += 1 }
    var digits: UInt64 = 0
    let whole = i
    guard passDigits(text.bytes, &i, &digits) else { return nil }
    var count = i - whole
    var exponent = 0
    if i < end, text[i] == decimal.byte, decimal.byte != delimiter {
      i += 1
      let fraction = i
      guard passDigits(text.bytes, &i, &digits) else { return nil }
      exponent = fraction - i
      count += i - fraction
    }
    guard count > 0, count <= NumericField.plainDigits, i + 2 < end else { return nil }
    if text[i] | 0x20 == UInt8(ascii: "e") {
      guard let power = Self.power(text, at: &i) else { return nil }
      exponent += power
    }
    guard i + 2 < end,
      let value = NumericField.plain(digits, exponent: exponent, isNegative: isNegative)
    else { return nil }
    if text[i] == delimiter {
      return PlainNumber(value: value, endsRow: false, next: i + 1)
    }
    return lineBehind(i).map { PlainNumber(value: value, endsRow: true, next: $0) }
  }

  /// Passes the digits from `i` on and puts them behind `digits`, eight at a time: three products make a number of the
  /// bytes of a word (Lemire, Number parsing at a gigabyte per second, Software: Practice and Experience 2021).
  ///
  /// - Returns: false where the window ends too early for that.
  @inline(__always)
  private func passDigits(_ text: RawSpan, _ i: inout Int, _ digits: inout UInt64) -> Bool {
    while true {
      guard i + 8 <= text.byteCount else { return false }
      let word = UInt64(
        littleEndian: text.unsafeLoadUnaligned(fromByteOffset: i, as: UInt64.self))
      var value = word ^ 0x3030_3030_3030_3030
      // The highest bit of every byte that is no digit.
      let others =
        (((value & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676) | value)
        & 0x8080_8080_8080_8080
      let count = others == 0 ? 8 : others.trailingZeroBitCount >> 3
      if count == 0 { return true }
      // The first digit has the lowest address, and the highest value.
      value = value << UInt64(64 - 8 * count)
      value = ((value & 0x0f0f_0f0f_0f0f_0f0f) &* 2561) >> 8
      value = ((value & 0x00ff_00ff_00ff_00ff) &* 6_553_601) >> 16
      value = ((value & 0x0000_ffff_0000_ffff) &* 42_949_672_960_001) >> 32
      digits = digits &* powers[count] &+ value
      i += count
      if count < 8 { return true }
    }
  }

  /// The power of ten behind the `e` at `i`, of at most three digits; nil for what is none.
  private static func power(_ text: Span<UInt8>, at i: inout Int) -> Int? {
    i += 1
    let isNegative = text[i] == UInt8(ascii: "-")
    if isNegative || text[i] == UInt8(ascii: "+") { i += 1 }
    let first = i
    var value = 0
    while i < text.count, i < first + 4 {
      let digit = text[i] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = value * 10 + Int(digit)
      i += 1
    }
    guard i > first, i <= first + 3 else { return nil }
    return isNegative ? -value : value
  }

  /// Where the line behind the end of one at `place` begins; at least two bytes follow there.
  ///
  /// - Returns: nil where no line ends, or one of blanks may follow.
  private func lineBehind(_ place: Int) -> Int? {
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

  /// The highest bit of each byte of `word` that is the one of `bytes`.
  private static func marks(_ word: UInt64, of bytes: UInt64) -> UInt64 {
    let difference = word ^ bytes
    let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
    return ~(((difference & low) &+ low) | difference | low)
  }
}
