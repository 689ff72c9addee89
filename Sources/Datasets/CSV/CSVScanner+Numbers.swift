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
    let signs = ShortNumber.Signs(delimiter: delimiter, decimal: decimal.byte)
    // Held here, because a span of what is static ends with the line where nothing is optimized.
    let table = NumericField.powersOfTen
    let powers = table.span
    var target = numbers.mutableSpan
    var (count, next) = (0, position)
    while count < most {
      if let number = ShortNumber(text, at: next, signs, powers: powers) {
        target[first + count] = number.value
        count += 1
        next += number.length + 1
        continue
      }
      guard let number = plainNumber(text, at: next) else { break }
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
