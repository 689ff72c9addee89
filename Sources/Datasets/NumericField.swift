/// What the text of a field says as a number.
///
/// Numbers are decimal: sign, digits with or without a point, exponent; no hexadecimal, no digit
/// groups, nothing behind. Spaces and tabs around are ignored. The value is the Double nearest to
/// the written number, but for a few beyond 2^53 (`CoarseNumbers.nearest`). Between the whole and the fraction stands a point or, where that is said, a
/// comma.
enum NumericField: Equatable {
  case number(Double)
  /// Nothing, or a text that stands for it.
  case missing
  /// An infinity or a number beyond the range of Float32, in which networks compute.
  case notFinite
  /// Anything else.
  case text

  /// Longest text that is taken for a number.
  private static let longest = 1000

  /// Reads `bytes[range]`; `missing` are the texts that stand for nothing, nil where none does.
  init(
    _ bytes: [UInt8], in range: Range<Int>, decimal: CSVFormat.DecimalSign = .point,
    missing: MissingMarkers? = .usual
  ) {
    let sign = decimal.byte
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, Self.isBlank(bytes[start]) { start += 1 }
    while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
    guard let decimal = Decimal(bytes, start, end, sign) else {
      self = Self.word(bytes[start..<end], missing)
      return
    }
    guard var value = decimal.fastDouble ?? Self.slowDouble(bytes[start..<end], sign) else {
      self = .text
      return
    }
    if abs(value) >= CoarseNumbers.limit, let text = Self.text(bytes[start..<end], sign),
      let single = Float(text)
    {
      value = CoarseNumbers.nearest(value, single)
    }
    self =
      !value.isFinite
      ? .notFinite : missing?.contains(value) == true ? .missing : .number(value)
  }

  /// Reads all of `text`.
  init(
    _ text: String, decimal: CSVFormat.DecimalSign = .point, missing: MissingMarkers? = .usual
  ) {
    let bytes = Array(text.utf8)
    self.init(bytes, in: 0..<bytes.count, decimal: decimal, missing: missing)
  }

  /// The number; nil for everything else.
  var value: Double? { if case .number(let value) = self { value } else { nil } }

  /// Sign, digits and exponent of a decimal number.
  private struct Decimal {
    /// The first 18 or 19 significant digits.
    var digits: UInt64 = 0
    /// Whether later ones were dropped.
    var isCut = false
    /// Power of ten that belongs to `digits`.
    var exponent = 0
    var negative = false

    /// Nil where the text is not a decimal number.
    init?(_ bytes: [UInt8], _ start: Int, _ end: Int, _ sign: UInt8) {
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
          } else {
            isCut = true
            if !afterPoint { exponent += 1 }
          }
        } else if bytes[i] == sign, !afterPoint {
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

    /// The nearest Double where arithmetic on two Doubles proves it, else nil.
    var fastDouble: Double? {
      guard !isCut, let value = NumericField.proven(digits, exponent: exponent) else { return nil }
      return negative ? -value : value
    }
  }

  /// The Double nearest to `digits` times a power of ten where arithmetic on two Doubles proves it, else nil.
  ///
  /// Digits, up to 19 of them, are a sum of two Doubles, and powers up to 10^22 are Doubles. So is
  /// the result, `high + low`, but for an error of a few roundings of 2^-106. If all numbers within
  /// 2^-98 of it round to the same Double, so does the number that is written; only numbers next to
  /// the middle of two Doubles are left open.
  private static func proven(_ digits: UInt64, exponent: Int) -> Double? {
    guard exponent >= -22, exponent <= 22 else { return nil }
    let power = powersOfTen[abs(exponent)]
    let first = Double(digits)
    let whole = UInt64(first)
    let rest = digits >= whole ? Double(digits - whole) : -Double(whole - digits)
    let high: Double
    let low: Double
    if exponent < 0 {
      high = first / power
      low = (first.addingProduct(-high, power) + rest) / power
    } else {
      high = first * power
      low = (-high).addingProduct(first, power) + rest * power
    }
    let margin = high * 0x1p-98
    let value = high + (low - margin)
    return value == high + (low + margin) ? value : nil
  }

  /// Most digits of numbers that `plain` takes; words of eight bytes hold as many without wrapping.
  static let plainDigits = 19

  /// The Double nearest to `digits`, of at most `plainDigits`, times a power of ten: nil where no arithmetic on
  /// Doubles gives it, and for numbers beyond 2^53.
  static func plain(_ digits: UInt64, exponent: Int, isNegative: Bool) -> Double? {
    guard exponent >= -22, exponent <= 22 else { return nil }
    let value: Double
    if digits < 1 << 53 {
      // Both are Doubles exactly, so that a product or quotient is rounded once (Clinger, PLDI 1990).
      value =
        exponent < 0
        ? Double(digits) / powersOfTen[-exponent] : Double(digits) * powersOfTen[exponent]
    } else if let proven = proven(digits, exponent: exponent) {
      value = proven
    } else {
      return nil
    }
    guard value < CoarseNumbers.limit else { return nil }
    return isNegative ? -value : value
  }

  /// 10^0 to 10^22, each exactly.
  static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The nearest Double of a decimal number by the standard library, nil if the text is too long.
  private static func slowDouble(_ text: ArraySlice<UInt8>, _ sign: UInt8) -> Double? {
    Self.text(text, sign).flatMap { Double($0) }
  }

  /// The text of a number as the standard library takes it, nil if it is too long.
  private static func text(_ bytes: ArraySlice<UInt8>, _ sign: UInt8) -> String? {
    guard bytes.count <= longest else { return nil }
    let point = UInt8(ascii: ".")
    return String(decoding: bytes.map { $0 == sign ? point : $0 }, as: UTF8.self)
  }

  /// The meaning of text that is not a decimal number.
  private static func word(
    _ text: ArraySlice<UInt8>, _ missing: MissingMarkers?
  ) -> NumericField {
    if missing?.contains(text) == true { return .missing }
    guard text.count <= 9 else { return .text }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "inf", "-inf", "+inf", "infinity", "-infinity", "+infinity":
      return .notFinite
    default: return .text
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
