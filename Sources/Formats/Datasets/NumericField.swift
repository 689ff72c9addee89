/// What the text of a field says as a number.
///
/// Numbers are decimal: sign, digits with or without a point, exponent; no hexadecimal, no digit
/// groups, nothing behind. Spaces and tabs around are ignored. The value is the Float32 nearest to
/// the written number.
enum NumericField: Equatable {
  case number(Float)
  /// Nothing, or `NA`, `N/A`, `null`, `none`, `?`, in any case.
  case missing
  /// NaN, an infinity or a number beyond Float32.
  case notFinite
  /// Anything else.
  case text

  /// Longest text that is taken for a number.
  private static let longest = 1000

  /// Reads `bytes[range]`.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, Self.isBlank(bytes[start]) { start += 1 }
    while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
    guard let parts = Parts(bytes, start, end) else {
      self = Self.word(bytes[start..<end])
      return
    }
    let value = parts.exactFloat ?? Self.slowFloat(bytes[start..<end])
    guard let value else {
      self = .text
      return
    }
    self = value.isFinite ? .number(value) : .notFinite
  }

  /// Sign, digits and exponent of a decimal number.
  private struct Parts {
    /// The first 19 significant digits.
    var digits: UInt64 = 0
    /// Power of ten that belongs to `digits`.
    var exponent = 0
    var negative = false
    /// Whether `digits` holds them all.
    var complete = true

    /// Nil where the text is not a decimal number.
    init?(_ bytes: [UInt8], _ start: Int, _ end: Int) {
      var i = start
      if i < end, bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
        negative = bytes[i] == UInt8(ascii: "-")
        i += 1
      }
      var count = 0
      var point: Int?
      while i < end {
        let digit = bytes[i] &- UInt8(ascii: "0")
        if digit < 10 {
          count += 1
          if digits < 1_000_000_000_000_000_000 {
            digits = digits * 10 + UInt64(digit)
            if point != nil { exponent -= 1 }
          } else {
            complete = complete && digit == 0
            if point == nil { exponent += 1 }
          }
        } else if bytes[i] == UInt8(ascii: "."), point == nil {
          point = i
        } else {
          break
        }
        i += 1
      }
      guard count > 0 else { return nil }
      guard i < end else { return }
      guard bytes[i] | 0x20 == UInt8(ascii: "e"), end - i <= 12 else { return nil }
      guard let power = Self.integer(bytes, i + 1, end) else { return nil }
      exponent += power
    }

    /// A signed run of at most ten digits.
    private static func integer(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
      var i = start
      var negative = false
      if i < end, bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
        negative = bytes[i] == UInt8(ascii: "-")
        i += 1
      }
      guard i < end else { return nil }
      var value = 0
      while i < end {
        let digit = bytes[i] &- UInt8(ascii: "0")
        guard digit < 10 else { return nil }
        value = value * 10 + Int(digit)
        i += 1
      }
      return negative ? -value : value
    }

    /// The nearest Float32 where Double arithmetic proves it, else nil.
    ///
    /// An integer below 2^53 times or over a power of ten up to 10^22 is the nearest Double
    /// (Clinger, PLDI 1990). Rounding that to Float32 is right as well unless it lies halfway between
    /// two of them, where the first rounding may have hidden on which side the number is.
    var exactFloat: Float? {
      guard complete, digits < 1 << 53, exponent >= -22, exponent <= 22 else { return nil }
      var value = Double(digits)
      if exponent < 0 { value /= NumericField.powersOfTen[-exponent] }
      if exponent > 0 { value *= NumericField.powersOfTen[exponent] }
      let halfway: UInt64 = 1 << 28
      guard value.bitPattern & (2 * halfway - 1) != halfway else { return nil }
      guard value == 0 || value >= Double(Float.leastNormalMagnitude) else { return nil }
      guard value <= Double(Float.greatestFiniteMagnitude) else { return nil }
      return Float(negative ? -value : value)
    }
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The nearest Float32 of a decimal number by the standard library, nil if the text is too long.
  private static func slowFloat(_ text: ArraySlice<UInt8>) -> Float? {
    text.count <= longest ? Float(String(decoding: text, as: UTF8.self)) : nil
  }

  /// The meaning of text that is not a decimal number.
  private static func word(_ text: ArraySlice<UInt8>) -> NumericField {
    guard text.count <= 9 else { return .text }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "", "na", "n/a", "null", "none", "?": return .missing
    case "nan", "-nan", "+nan", "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity":
      return .notFinite
    default: return .text
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
