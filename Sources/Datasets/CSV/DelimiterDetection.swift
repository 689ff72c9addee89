/// Finds out from the first lines of a CSV what stands between its fields.
///
/// A delimiter fits if it divides every one of these lines into as many fields, two at least. Of several
/// that fit, the one that leaves the largest share of numbers is taken: with decimal commas, a comma
/// divides the numbers themselves. Where the decimal sign is known to be a comma, it divides no two fields
/// that would be one number.
struct DelimiterDetection {
  /// Rows that are looked at, and bytes.
  private static let rows = 20
  static let bytes = 1 << 16

  private let start: [UInt8]
  private let decimal: CSVFormat.DecimalSign?

  /// - Parameter decimal: the sign that numbers have, where that is known.
  init(_ text: [UInt8], decimal: CSVFormat.DecimalSign?) {
    start = Array(text.prefix(Self.bytes))
    self.decimal = decimal
  }

  /// The delimiter; of equals, `preferred` or the earlier one. A comma where nothing divides the lines.
  func delimiter(preferring preferred: CSVFormat.Delimiter?) -> CSVFormat.Delimiter {
    var order = CSVFormat.Delimiter.allCases
    if let preferred { order = [preferred] + order.filter { $0 != preferred } }
    let looks = order.compactMap { delimiter in look(delimiter).map { (delimiter, $0) } }
      .filter { $0.1.fields > 1 && !($0.0 == .comma && decimal == .comma && $0.1.hasDecimalCommas) }
    let fitting = looks.filter { $0.1.agreement == 1 }
    var best: (delimiter: CSVFormat.Delimiter, look: Look)?
    for (delimiter, look) in fitting.isEmpty ? looks : fitting {
      let isBetter =
        best.map { best in
          fitting.isEmpty
            ? look.agreement > best.look.agreement : look.numbers > best.look.numbers
        } ?? true
      if isBetter { best = (delimiter, look) }
    }
    if let best { return best.delimiter }
    let usual = preferred ?? .comma
    // Nothing divides the lines, and least of all the sign between the digits of a number.
    let isDecimal = usual == .comma && decimal == .comma && look(.comma)?.hasDecimalCommas == true
    return isDecimal ? .semicolon : usual
  }

  /// What the lines look like with one delimiter.
  private struct Look {
    /// In the first row.
    var fields = 0
    /// The share of rows that have as many.
    var agreement = 0.0
    /// The share of fields that are numbers.
    var numbers = 0.0
    /// Whether the delimiter stands, as a decimal comma would, between two fields without quotes.
    var hasDecimalCommas = false
  }

  /// Whether every row can be one number with a decimal comma as well as the two fields that a comma makes
  /// of it.
  var isOneNumberOrTwo: Bool {
    guard let look = look(.comma), look.fields == 2, look.agreement == 1 else { return false }
    return look.hasDecimalCommas && isOneNumber
  }

  /// Whether every row, read as a whole, is a number with a decimal comma.
  private var isOneNumber: Bool {
    var scanner = CSVScanner(start, delimiter: 0, decimal: .comma)
    var rows = 0
    while rows < Self.rows, !scanner.isAtEnd {
      guard let field = try? scanner.next(file: ""), case .number = scanner.number(field) else {
        return false
      }
      rows += 1
    }
    return rows > 0
  }

  /// Nil where quotes do not go with the delimiter.
  private func look(_ delimiter: CSVFormat.Delimiter) -> Look? {
    var scanner = CSVScanner(start, delimiter: delimiter.byte, decimal: decimal ?? .point)
    var counts: [Int] = []
    var total = 0
    var numbers = 0
    var hasDecimalCommas = false
    while counts.count < Self.rows, !scanner.isAtEnd {
      var fields = 0
      var last: CSVScanner.Field
      var isWhole = false
      repeat {
        do throws(DatasetError) {
          last = try scanner.next(file: "")
        } catch {
          // The end of the part that is looked at can stand inside quotes.
          guard !isWhole, scanner.isAtEnd, !counts.isEmpty else { return nil }
          return look(counts, numbers, total, hasDecimalCommas)
        }
        fields += 1
        total += 1
        if isNumber(last, in: scanner, delimiter) { numbers += 1 }
        let digits = digits(last, in: scanner)
        if isWhole, digits == .unsigned { hasDecimalCommas = true }
        isWhole = digits != .none
      } while !last.endsRow
      // One empty field more is a delimiter at the end of the line.
      if fields - 1 == counts.first, last.isEmpty { fields -= 1 }
      let isCut = !isWhole && scanner.isAtEnd && !counts.isEmpty
      if !isCut { counts.append(fields) }
    }
    return look(counts, numbers, total, hasDecimalCommas)
  }

  private func look(
    _ counts: [Int], _ numbers: Int, _ total: Int, _ hasDecimalCommas: Bool
  ) -> Look {
    guard let first = counts.first else { return Look() }
    return Look(
      fields: first, agreement: Double(counts.count { $0 == first }) / Double(counts.count),
      numbers: Double(numbers) / Double(total), hasDecimalCommas: hasDecimalCommas)
  }

  /// What of a number a field can be.
  private enum Digits { case none, signed, unsigned }

  private func digits(_ field: CSVScanner.Field, in scanner: CSVScanner) -> Digits {
    guard !field.isQuoted, let text = scanner.text(field), !text.isEmpty else { return .none }
    let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return .none
    }
    return digits.count == text.count ? .unsigned : .signed
  }

  private func isNumber(
    _ field: CSVScanner.Field, in scanner: CSVScanner, _ delimiter: CSVFormat.Delimiter
  ) -> Bool {
    if case .number = scanner.number(field) { return true }
    guard decimal == nil, delimiter != .comma, case .number = scanner.numberOtherwise(field) else {
      return false
    }
    return true
  }
}
