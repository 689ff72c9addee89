/// The texts that stand for a missing value in a table, beside an empty field, which always does.
///
/// The usual ones are `NA`, `N/A`, `#N/A`, `<NA>`, `NaN`, `null`, `None` and `?`, in any case. Others are as
/// they are written, and one that is a number stands for every way to write that number.
package struct MissingMarkers: Sendable, Equatable {
  /// Those of files that nobody has said anything about.
  package static let usual = MissingMarkers(nil)

  /// As they were stated; nil for the usual ones.
  package let texts: [String]?
  private let bytes: [[UInt8]]
  private let numbers: [Double]

  private static let words: Set = [
    "na", "n/a", "#n/a", "<na>", "nan", "-nan", "+nan", "null", "none", "?",
  ]
  /// Bytes of the longest of these words.
  private static let longest = 4

  /// - Parameter texts: in place of the usual ones; nil for these.
  package init(_ texts: [String]?) {
    self.texts = texts
    bytes = (texts ?? []).map { Array($0.utf8) }
    numbers = (texts ?? []).compactMap { text in
      CSVFormat.DecimalSign.allCases.lazy
        .compactMap { NumericField(text, decimal: $0, missing: nil).value }.first
    }
  }

  /// Whether any number stands for none.
  var haveNumbers: Bool { !numbers.isEmpty }

  /// Whether the number `value` stands for none.
  func contains(_ value: Double) -> Bool { !numbers.isEmpty && numbers.contains(value) }

  /// Whether `text`, without blanks around it, stands for a missing value and is no number.
  func contains(_ text: ArraySlice<UInt8>) -> Bool {
    if text.isEmpty { return true }
    guard texts == nil else { return bytes.contains { $0.elementsEqual(text) } }
    return text.count <= Self.longest
      && Self.words.contains(String(decoding: text, as: UTF8.self).lowercased())
  }

  /// Whether the label `text` is missing.
  func contains(label text: String) -> Bool {
    guard !text.isEmpty else { return true }
    if texts == nil {
      // Digits, as labels mostly begin with, begin none of the words.
      let isDigit = text.utf8.first.map { (0x30...0x39).contains($0) } ?? false
      return !isDigit && text.utf8.count <= Self.longest
        && Self.words.contains(text.lowercased())
    }
    let own = Array(text.utf8)
    return bytes.contains(own) || !numbers.isEmpty && Double(text).map(contains) ?? false
  }
}
