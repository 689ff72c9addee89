/// What counts as a date in a table: 2024-05-31, 2024-05, 31.5.2024, 5/31/24, 3 May 2024, May 3, 2024, each with
/// or without a time behind, and 20240531.
package enum CalendarDate {
  private static let months: Set<Substring> = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let years = 1500...2999

  /// Whether `text` is a day, or a month of a year.
  package static func isDate(_ text: String) -> Bool {
    var rest = text.lowercased()[...]
    var parts = [part(&rest)]
    while parts.count < 3 {
      let separator = rest.prefix { "-/. ,".contains($0) }
      guard !separator.isEmpty, separator.count <= 2 else { break }
      rest = rest.dropFirst(separator.count)
      parts.append(part(&rest))
    }
    let isTime = rest.first.map { "t ".contains($0) } == true && rest.contains(":")
    guard rest.isEmpty || isTime else { return false }
    return parts.count == 3 ? isDay(parts) : isMonth(parts)
  }

  /// Whether `value` is a day written as one number, year first.
  package static func isDate(_ value: Double) -> Bool {
    guard let number = Int(exactly: value), years.contains(number / 10_000) else { return false }
    return (1...12).contains(number / 100 % 100) && (1...31).contains(number % 100)
  }

  /// Takes a run of digits, or of letters, off the beginning of `rest`.
  private static func part(_ rest: inout Substring) -> Substring {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    let part = digits.isEmpty ? rest.prefix { $0.isLetter } : digits
    rest = rest.dropFirst(part.count)
    return part
  }

  private static func isMonth(_ parts: [Substring]) -> Bool {
    parts.count == 2 && isYear(parts[0], short: false) && number(parts[1], in: 1...12)
  }

  private static func isDay(_ parts: [Substring]) -> Bool {
    if isYear(parts[0], short: false) {
      return isMonthOfYear(parts[1]) && number(parts[2], in: 1...31)
    }
    guard isYear(parts[2], short: true) else { return false }
    return isMonthOfYear(parts[0]) && number(parts[1], in: 1...31)
      || isMonthOfYear(parts[1]) && number(parts[0], in: 1...31)
  }

  private static func isMonthOfYear(_ part: Substring) -> Bool {
    months.contains(part.prefix(3)) || number(part, in: 1...12)
  }

  private static func isYear(_ part: Substring, short: Bool) -> Bool {
    part.count == 4 && number(part, in: years)
      || short && part.count == 2 && number(part, in: 0...99)
  }

  private static func number(_ part: Substring, in range: ClosedRange<Int>) -> Bool {
    part.count <= 4 && Int(part).map(range.contains) == true
  }
}
