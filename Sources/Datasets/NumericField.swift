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
    guard let decimal = Decimal(bytes, start, end) else {
      self = Self.word(bytes[start..<end])
      return
    }
    guard let value = decimal.fastFloat ?? Self.slowFloat(bytes[start..<end]) else {
      self = .text
      return
    }
    self = value.isFinite ? .number(value) : .notFinite
  }

  /// Sign, digits and exponent of a decimal number.
  private struct Decimal {
    /// The first 18 or 19 significant digits; later ones are dropped.
    var digits: UInt64 = 0
    /// Power of ten that belongs to `digits`.
    var exponent = 0
    var negative = false

    /// Nil where the text is not a decimal number.
    init?(_ bytes: [UInt8], _ start: Int, _ end: Int) {
      var i = start
      if i < end, bytes[i] == UInt8(ascii: "-") || bytes[i] == UInt8(ascii: "+") {
        negative = bytes[i] == UInt8(ascii: "-")
        i += 1
      }
      var count = 0
      var afterPoint = false
      while i < end {
        let digit = bytes[i] &- UInt8(ascii: "0")
        if digit < 10 {
          count += 1
          if digits < 1_000_000_000_000_000_000 {
            digits = digits * 10 + UInt64(digit)
            if afterPoint { exponent -= 1 }
          } else if !afterPoint {
            exponent += 1
          }
        } else if bytes[i] == UInt8(ascii: "."), !afterPoint {
          afterPoint = true
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
    /// The Double below is off by at most four roundings of 2^-53 (digits dropped, digits, power of
    /// ten, product). If all numbers within 2^-50 of it round to the same Float32, so does the
    /// number that is written; only numbers next to the middle of two Float32 are left open.
    var fastFloat: Float? {
      guard exponent >= -64, exponent <= 64 else { return nil }
      let power = NumericField.powersOfTen[abs(exponent)]
      let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
      let margin = value * 0x1p-50
      let low = Float(value - margin)
      guard low == Float(value + margin) else { return nil }
      return negative ? -low : low
    }
  }

  /// 10^0 to 10^64, each the nearest Double.
  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32,
    1e33, 1e34, 1e35, 1e36, 1e37, 1e38, 1e39, 1e40, 1e41, 1e42, 1e43, 1e44, 1e45, 1e46, 1e47, 1e48,
    1e49, 1e50, 1e51, 1e52, 1e53, 1e54, 1e55, 1e56, 1e57, 1e58, 1e59, 1e60, 1e61, 1e62, 1e63, 1e64,
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
