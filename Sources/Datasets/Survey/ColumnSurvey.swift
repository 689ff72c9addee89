import Storage

/// What the fields of one column of a CSV file are.
package struct ColumnSurvey: Sendable {
  /// Most different values that are told apart, the most levels that a column of text can have.
  package static let mostValues = LevelScan.most
  /// Names of columns that number rows, in small letters.
  private static let indexNames: Set = ["", "id", "index", "unnamed: 0", "rowid", "row_id", "no"]

  package let place: DataColumn
  private let rows: Int
  /// Fields that are numbers.
  package private(set) var numbers = 0
  /// Fields that are neither numbers nor missing.
  package private(set) var texts = 0
  package private(set) var missing = 0
  /// Texts that are numbers with separators between their thousands.
  package private(set) var grouped = 0
  /// Texts that are numbers with the other decimal sign, and with no separators.
  package private(set) var otherSigns = 0
  /// The different values and how often each is there, up to one more than `mostValues`.
  package private(set) var values: [ExactText: Int] = [:]
  /// The different texts among them, likewise.
  package private(set) var differentTexts: Set<ExactText> = []
  /// The texts that stand for nothing.
  package private(set) var markers: Set<ExactText> = []
  /// Whether all numbers are whole.
  package private(set) var isWhole = true
  package private(set) var least = Double.infinity
  package private(set) var most = -Double.infinity
  /// Mean and sum of squared deviations of the numbers (Welford).
  private var mean = 0.0
  private var squares = 0.0
  /// The numbers next to these.
  private var secondLeast = Double.infinity
  private var secondMost = -Double.infinity
  private var isAscending = true
  /// Whether every number is one more than the one before.
  private var isCounting = true
  /// Between the whole and the fraction of a number.
  private var decimal = CSVFormat.DecimalSign.point
  private var last: Double?
  /// Whether rows were left out behind the last.
  private var hasSkipped = false

  init(_ place: DataColumn, rows: Int) {
    self.place = place
    self.rows = rows
  }

  /// Adds the field of the next row.
  mutating func add(_ text: String, _ number: NumericField, decimal: CSVFormat.DecimalSign) {
    self.decimal = decimal
    switch number {
    case .missing:
      missing += 1
      if !text.isEmpty, markers.count < Self.mostValues { markers.insert(ExactText(text)) }
      return
    case .number(let value):
      numbers += 1
      addNumber(value)
    case .text, .notFinite:
      texts += 1
      addText(text, decimal: decimal)
    }
    let own = ExactText(text)
    if values.count <= Self.mostValues || values[own] != nil { values[own, default: 0] += 1 }
  }

  private mutating func addNumber(_ value: Double) {
    let step = value - mean
    mean += step / Double(numbers)
    squares += step * (value - mean)
    if value < least {
      (secondLeast, least) = (least, value)
    } else if value > least {
      secondLeast = min(secondLeast, value)
    }
    if value > most {
      (secondMost, most) = (most, value)
    } else if value < most {
      secondMost = max(secondMost, value)
    }
    if value != value.rounded() { isWhole = false }
    if let last {
      if value <= last { isAscending = false }
      if value != last + 1, !hasSkipped { isCounting = false }
    }
    last = value
    hasSkipped = false
  }

  /// Notes that the next row does not follow the last.
  mutating func skipRows() { hasSkipped = true }

  private mutating func addText(_ text: String, decimal: CSVFormat.DecimalSign) {
    if differentTexts.count <= Self.mostValues { differentTexts.insert(ExactText(text)) }
    if GroupedNumber(text, decimal: decimal) != nil {
      grouped += 1
      return
    }
    if NumericField(text, decimal: decimal.other, missing: nil).value != nil { otherSigns += 1 }
  }

  /// The standard deviation of the numbers; nil where there are none, or it is no number.
  package var deviation: Double? {
    let deviation = (squares / Double(max(1, numbers))).squareRoot()
    return numbers > 0 && deviation.isFinite ? deviation : nil
  }

  /// Whether no two rows have the same value.
  package var isDifferentInEveryRow: Bool {
    rows <= Self.mostValues ? values.count == rows : values.count > Self.mostValues && isAscending
  }

  /// Whether every row that has a value has the same one.
  package var isConstant: Bool {
    values.count == 1 || texts == 0 && numbers > 0 && least == most
  }

  /// A number that may stand for a missing value, as it is written, and how often it is there: many rows have it, it
  /// lies farther from all others than these from one another, and its digits are all 9, as such numbers' are.
  package var suspect: (text: String, rows: Int)? {
    guard numbers > 0, !isText, values.count > Self.fewestBesides else { return nil }
    for (value, gap, range) in [
      (least, secondLeast - least, most - secondLeast),
      (most, most - secondMost, secondMost - least),
    ] where gap > range && Self.looksLikeNone(value) {
      let own = values.filter { number($0.key.text) == value }
      let rows = own.values.reduce(0, +)
      if rows >= Self.fewestSuspects, rows * Self.suspectShare >= numbers,
        let text = own.keys.map(\.text).min()
      {
        return (text, rows)
      }
    }
    return nil
  }

  /// The number that `text` is in this file; nil for none.
  private func number(_ text: String) -> Double? {
    NumericField(text, decimal: decimal, missing: nil).value
  }

  /// Other values that a column has at least, fewer of which say nothing of what is far from them.
  private static let fewestBesides = 3
  /// Rows that have a number that may stand for a missing value: so many, and one in so many of all.
  private static let fewestSuspects = 3
  private static let suspectShare = 200

  /// Rows that a column counts, from whatever number, before that is taken for no chance.
  private static let fewestCounted = 20
  /// A row for each of these is a course of years, which can be learnt from.
  private static let years = 1500.0...2999.0

  /// Whether `value` is written as 99, -999, 9999 and so on.
  private static func looksLikeNone(_ value: Double) -> Bool {
    guard value == value.rounded(), abs(value) >= 99, abs(value) < 1e15 else { return false }
    return String(Int(abs(value))).allSatisfy { $0 == "9" }
  }

  /// Whether it only numbers the rows: it counts them as the first column, from 0 or 1 or from a number that is no
  /// year, or has such a name and whole numbers of which no two are the same.
  package var isIndex: Bool {
    guard numbers == rows, rows >= 3, isWhole else { return false }
    if place.index == 0, isCounting {
      if least == 0 || least == 1 { return true }
      let isOutsideYears = least > Self.years.upperBound || most < Self.years.lowerBound
      if rows >= Self.fewestCounted, isOutsideYears { return true }
    }
    let name = place.name?.lowercased() ?? "-"
    return (Self.indexNames.contains(name) || name.hasSuffix("_id")) && isDifferentInEveryRow
  }

  /// Whether a text is taken for a level of the column rather than for a mistake among numbers, as where
  /// text is taken as levels.
  package var isText: Bool {
    texts > 0 && (texts > numbers || values.count <= LevelScan.few)
  }

  /// Whether most texts of it are numbers that are written otherwise than the others of the file.
  package var hasOtherNumbers: Bool { (grouped + otherSigns) * 2 > texts }
}
