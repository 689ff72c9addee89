/// What kind of number a text is by JSON's grammar, which has no `.5`, `+1`, `0x10` or `1_000`.
package enum NumberSyntax {
  /// Digits alone, perhaps with a minus sign.
  case integer
  /// With a fraction or an exponent.
  case real

  /// Nil for a text that is not a number.
  package init?(_ text: String) {
    var rest = Substring(text).utf8
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = Self.takeDigits(&rest)
    guard whole.count == 1 || (whole.count > 1 && whole.first != UInt8(ascii: "0")) else {
      return nil
    }
    guard !rest.isEmpty else {
      self = .integer
      return
    }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard !Self.takeDigits(&rest).isEmpty else { return nil }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard !Self.takeDigits(&rest).isEmpty else { return nil }
    }
    guard rest.isEmpty else { return nil }
    self = .real
  }

  private static func takeDigits(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
    let digits = text.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    text.removeFirst(digits.count)
    return digits
  }
}
