/// Whole numbers of any size that 128 bits hold, exactly as they are written.
enum WholeNumber {
  /// More digits than 128 bits hold.
  private static let mostDigits = 40

  /// The value of `text`, such as `+7`, `7.0` or `1e3`; nil for what is not a whole number.
  static func value(of text: String, decimal: CSVFormat.DecimalSign) -> Int128? {
    if let value = Int128(text) { return value }
    var rest = text.utf8[...]
    var digits = ""
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      if sign == UInt8(ascii: "-") { digits = "-" }
      rest.removeFirst()
    }
    guard rest.count <= 2 * mostDigits else { return nil }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    var fraction = rest.prefix(0)
    if rest.first == decimal.byte {
      fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + fraction.count)
    }
    var power = 0
    if let letter = rest.first {
      guard letter | 0x20 == UInt8(ascii: "e"), let value = Int(Substring(rest.dropFirst())),
        abs(value) <= mostDigits
      else { return nil }
      power = value
    }
    guard whole.count + fraction.count > 0 else { return nil }
    digits += Substring(whole) + Substring(fraction)
    power -= fraction.count
    while power < 0 {
      guard let last = digits.popLast(), last == "0" || last == "-" && digits.isEmpty else {
        return nil
      }
      power += 1
    }
    return Int128(
      digits.isEmpty || digits == "-" ? "0" : digits + String(repeating: "0", count: power))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
