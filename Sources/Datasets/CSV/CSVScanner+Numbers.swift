/// A way past fields that are numbers of few digits, without blanks or quotes, in the window. All others are left to
/// `next(file:)`, which gives the same.
extension CSVScanner {
  /// A number, and what stands behind it.
  private struct PlainNumber {
    let value: Double
    let endsRow: Bool
    /// Where the next field begins in the window.
    let next: Int
  }

  /// Passes such fields of a row, `most` at most, and puts their numbers into `numbers` from element `first` on.
  ///
  /// - Returns: how many were passed, and whether the last one ends the row.
  mutating func nextNumbers(
    _ most: Int, into numbers: inout [Double], at first: Int
  ) -> (count: Int, endsRow: Bool) {
    let passed = numbersHere(most, &numbers, first)
    position = passed.next
    if passed.endsRow { line += 1 }
    return (passed.count, passed.endsRow)
  }

  private func numbersHere(
    _ most: Int, _ numbers: inout [Double], _ first: Int
  ) -> (count: Int, endsRow: Bool, next: Int) {
    let text = bytes.span.bytes
    var target = numbers.mutableSpan
    var (count, next) = (0, position)
    while count < most, let number = plainNumber(text, at: next) {
      target[first + count] = number.value
      count += 1
      next = number.next
      if number.endsRow { return (count, true, next) }
    }
    return (count, false, next)
  }

  /// The number in the field at `start`; nil where that is another field.
  @inline(__always)
  private func plainNumber(_ text: RawSpan, at start: Int) -> PlainNumber? {
    let end = text.byteCount
    var i = start
    guard i + 9 <= end else { return nil }
    let isNegative = text[byte: i] == UInt8(ascii: "-")
    if isNegative { i += 1 }
    let word = DigitWord(text, at: i)
    var count = word.count
    var digits: UInt64
    var exponent = 0
    if count < 8, text[byte: i + count] == decimal.byte, decimal.byte != delimiter {
      // Whole and fraction in one word, as most have them.
      let fraction = word.withoutByte(count)
      exponent = count - fraction.count
      digits = fraction.value
      count = fraction.count
      i += count + 1
      // Of a word without another end there may be more.
      if count == 7 {
        let first = i
        guard passDigits(text, &i, &digits) else { return nil }
        exponent -= i - first
        count += i - first
      }
    } else {
      digits = word.value
      i += count
      if count == 8 {
        let whole = i
        guard passDigits(text, &i, &digits) else { return nil }
        count += i - whole
        if i < end, text[byte: i] == decimal.byte, decimal.byte != delimiter {
          i += 1
          let fraction = i
          guard passDigits(text, &i, &digits) else { return nil }
          exponent = fraction - i
          count += i - fraction
        }
      }
    }
    guard count > 0, count <= NumericField.plainDigits, i + 2 < end else { return nil }
    if text[byte: i] | 0x20 == UInt8(ascii: "e") {
      guard let power = Self.power(text, at: &i) else { return nil }
      exponent += power
    }
    guard i + 2 < end,
      let value = NumericField.plain(digits, exponent: exponent, isNegative: isNegative)
    else { return nil }
    if text[byte: i] == delimiter {
      return PlainNumber(value: value, endsRow: false, next: i + 1)
    }
    return lineBehind(i).map { PlainNumber(value: value, endsRow: true, next: $0) }
  }

  /// Passes the digits from `i` on and puts them behind `digits`, eight at a time.
  ///
  /// - Returns: false where the window ends too early for that.
  @inline(__always)
  private func passDigits(_ text: RawSpan, _ i: inout Int, _ digits: inout UInt64) -> Bool {
    while true {
      guard i + 8 <= text.byteCount else { return false }
      let word = DigitWord(text, at: i)
      let count = word.count
      if count == 0 { return true }
      digits = digits &* powers[count] &+ word.value
      i += count
      if count < 8 { return true }
    }
  }

  /// The power of ten behind the `e` at `i`, of at most three digits; nil for what is none.
  private static func power(_ text: RawSpan, at i: inout Int) -> Int? {
    i += 1
    let isNegative = text[byte: i] == UInt8(ascii: "-")
    if isNegative || text[byte: i] == UInt8(ascii: "+") { i += 1 }
    let first = i
    var value = 0
    while i < text.byteCount, i < first + 4 {
      let digit = text[byte: i] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      value = value * 10 + Int(digit)
      i += 1
    }
    guard i > first, i <= first + 3 else { return nil }
    return isNegative ? -value : value
  }
}

/// Eight bytes of a text, of which the first ones are digits: three products make a number of them (Lemire, Number
/// parsing at a gigabyte per second, Software: Practice and Experience 2021).
private struct DigitWord {
  /// Each byte less `0`; the first one is the lowest.
  private let bytes: UInt64
  /// The highest bit of every byte that is no digit.
  private let others: UInt64

  /// - Precondition: there are eight bytes from `place` on.
  @inline(__always)
  init(_ text: RawSpan, at place: Int) {
    let word = text.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
    self.init(UInt64(littleEndian: word) ^ 0x3030_3030_3030_3030)
  }

  @inline(__always)
  private init(_ bytes: UInt64) {
    self.bytes = bytes
    others =
      (((bytes & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676) | bytes)
      & 0x8080_8080_8080_8080
  }

  /// How many of the first bytes are digits.
  @inline(__always)
  var count: Int { others.trailingZeroBitCount >> 3 }

  /// The number that these make, where there is one at least.
  @inline(__always)
  var value: UInt64 {
    // The first digit has the lowest address, and the highest value.
    var value = bytes &<< UInt64(64 &- 8 &* count)
    value = ((value & 0x0f0f_0f0f_0f0f_0f0f) &* 2561) >> 8
    value = ((value & 0x00ff_00ff_00ff_00ff) &* 6_553_601) >> 16
    return ((value & 0x0000_ffff_0000_ffff) &* 42_949_672_960_001) >> 32
  }

  /// The same without byte number `place`; behind the last one follows none that is a digit.
  @inline(__always)
  func withoutByte(_ place: Int) -> DigitWord {
    let below: UInt64 = (1 &<< UInt64(8 &* place)) &- 1
    return DigitWord(bytes & below | (bytes >> 8) & ~below | 0x8000_0000_0000_0000)
  }
}
