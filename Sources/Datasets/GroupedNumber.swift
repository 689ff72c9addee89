/// A number as people write it, with something between its thousands: `110,000`, `157.000,0`, `1 234`, `1'234`.
///
/// No such number is read, for `110,000` can be a hundred and ten as well.
struct GroupedNumber {
  /// The number written plainly.
  let plain: String
  /// What stands between the thousands, as a message names it.
  let separator: String

  private static let separators: [Unicode.Scalar: String] = [
    ",": "commas", ".": "points", " ": "blanks", "\u{A0}": "blanks", "\u{2009}": "blanks",
    "\u{202F}": "blanks", "'": "apostrophes", "\u{2019}": "apostrophes",
  ]

  /// - Parameter decimal: the sign with which the number is written plainly.
  init?(_ text: String, decimal: CSVFormat.DecimalSign) {
    guard text.utf8.count <= 64 else { return nil }
    var rest = text.unicodeScalars[...]
    var digits = ""
    if let sign = rest.first, sign == "-" || sign == "+" {
      if sign == "-" { digits = "-" }
      rest.removeFirst()
    }
    let front = rest.prefix { Self.isDigit($0) }
    guard (1...3).contains(front.count), front.first != "0" else { return nil }
    digits += String(front)
    rest = rest.dropFirst(front.count)
    guard let mark = rest.first, let word = Self.separators[mark] else { return nil }
    var groups = 0
    while rest.first == mark {
      let group = rest.dropFirst().prefix { Self.isDigit($0) }
      guard group.count == 3 else { return nil }
      digits += String(group)
      rest = rest.dropFirst(4)
      groups += 1
    }
    if let sign = rest.first {
      let fraction = rest.dropFirst()
      guard sign == "." || sign == ",", fraction.allSatisfy(Self.isDigit) else { return nil }
      digits += fraction.isEmpty ? "" : decimal.rawValue + String(fraction)
    }
    guard groups > 0 else { return nil }
    plain = digits
    separator = word
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0" <= scalar && scalar <= "9" }
}
