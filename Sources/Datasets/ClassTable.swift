import Storage

/// Collects the labels of rows and numbers the classes in them.
///
/// Labels are either all numbers or all text. Numbers must be whole; the classes are the distinct
/// values in numeric order, named in decimal digits ("+7" and "7.0" are the class "7"). Where one begins
/// with a needless zero, as codes do ("07"), all are text. Texts are the same where their bytes are. The
/// classes are the distinct texts in the order of their UTF-8 bytes.
struct ClassTable {
  /// Largest number of classes.
  static let limit = 65_536

  /// Those that can be classes.
  private static let numbers = Int128(Int64.min)...Int128(UInt64.max)

  private enum Number {
    /// The label is text.
    case none
    case whole(Int128)
    /// With a fraction, infinite, or beyond 64 bits with or without a sign.
    case other
  }

  private struct Label {
    let text: String
    /// Where it first occurs.
    let place: DatasetError.LabelPlace
    let number: Number

    /// The decimal digits of a class number.
    var digits: String? { if case .whole(let value) = number { String(value) } else { nil } }
    var isNumber: Bool { if case .none = number { false } else { true } }
    /// Whether it is digits behind a needless zero.
    var isCode: Bool {
      text.utf8.count > 1 && text.utf8.first == 0x30
        && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
  }

  /// Class of each row, numbered in order of first occurrence.
  private var occurrences: [Int32] = []
  private var labels: [Label] = []
  private var indices: [ExactText: Int32] = [:]
  private let column: DataColumn?
  private let decimal: CSVFormat.DecimalSign

  /// Room for the labels of `rows` rows in the column `column` of a table, whose numbers have the sign
  /// `decimal`.
  init(rows: Int, column: DataColumn? = nil, decimal: CSVFormat.DecimalSign = .point) {
    occurrences.reserveCapacity(rows)
    self.column = column
    self.decimal = decimal
  }

  /// Number of rows so far.
  var rows: Int { occurrences.count }

  /// Adds the label of the next row.
  /// - Throws: `DatasetError` for more than `limit` different labels.
  mutating func append(
    _ text: String, _ place: DatasetError.LabelPlace, file: String
  ) throws(DatasetError) {
    let decimal = decimal
    occurrences.append(
      try index(of: text, file: file) {
        Label(text: text, place: place, number: Self.number(text, decimal))
      })
  }

  /// Adds the labels of rows behind these.
  /// - Throws: `DatasetError` for more than `limit` different labels.
  mutating func append(_ later: ClassTable, file: String) throws(DatasetError) {
    var indices: [Int32] = []
    for label in later.labels {
      indices.append(try index(of: label.text, file: file) { label })
    }
    for index in later.occurrences { occurrences.append(indices[Int(index)]) }
  }

  /// The number of the label `text`, which is `label` where it is new.
  private mutating func index(
    of text: String, file: String, _ label: () -> Label
  ) throws(DatasetError) -> Int32 {
    if let index = indices[ExactText(text)] { return index }
    guard labels.count < Self.limit else {
      throw .classes(file, .tooManyClasses(column, limit: Self.limit))
    }
    let index = Int32(labels.count)
    indices[ExactText(text)] = index
    labels.append(label())
    return index
  }

  private static func number(_ text: String, _ decimal: CSVFormat.DecimalSign) -> Number {
    if let whole = WholeNumber.value(of: text, decimal: decimal) {
      return numbers.contains(whole) ? .whole(whole) : .other
    }
    switch NumericField(text, decimal: decimal) {
    case .number, .notFinite: return .other
    case .missing, .text: return .none
    }
  }

  /// The labels as indices of classes: of the `known` ones, or of those that occur here.
  ///
  /// - Parameters:
  ///   - uncertain: the line that may be a header, where there is such a line.
  /// - Parameter numbersClasses: whether labels can be the numbers, from 0, of known classes that are texts.
  /// - Throws: `DatasetError` for a number that is not whole, for an unknown label, for text among
  ///   numbers, and for one class only where the classes are not known before.
  func targets(
    file: String, known: KnownClasses?, uncertain: Int? = nil, words: SettingWords = .schedule,
    numbersClasses: Bool = false
  ) throws(DatasetError) -> Dataset.Targets {
    if numbersClasses, let known, let numbers = numbers(of: known) {
      return .classes(occurrences.map { numbers[Int($0)] }, names: known.names)
    }
    let names: [String]
    var labelNames: [String] = []
    if let known {
      names = known.names
      let numeric = names.allSatisfy { Int128($0).map(String.init) == $0 }
      labelNames = labels.map { (numeric ? $0.digits : nil) ?? $0.text }
    } else {
      labelNames = try ownNames(file: file, uncertain: uncertain, words)
      names = sorted(labelNames, asText: areTexts(uncertain))
      guard names.count > 1 else {
        throw names.isEmpty
          ? .file(file, .noRows) : .classes(file, .oneClass(column, label: names[0]))
      }
    }
    var index: [ExactText: Int32] = [:]
    for (i, name) in names.enumerated() { index[ExactText(name)] = Int32(i) }
    var classes: [Int32] = []
    var unseen = ProblemList(file: file)
    for (label, name) in zip(labels, labelNames) {
      if let found = index[ExactText(name)] {
        classes.append(found)
      } else {
        classes.append(0)
        unseen.add(
          .classes(
            file,
            .unseenLabel(
              label.place, label: label.text, training: known?.training,
              alike: names.first { $0.asRead == label.text.asRead })))
      }
    }
    try unseen.throwIfAny()
    return .classes(occurrences.map { classes[Int($0)] }, names: names)
  }

  /// The name of the class of each label, where this file defines the classes.
  private func ownNames(
    file: String, uncertain: Int?, _ words: SettingWords
  ) throws(DatasetError) -> [String] {
    guard !areTexts(uncertain) else { return labels.map(\.text) }
    if let text = labels.first(where: { !$0.isNumber }) {
      let isFirst = uncertain != nil && text.place.line == uncertain
      throw .classes(
        file, .mixedLabels(text.place, text: text.text, firstRow: isFirst, words))
    }
    var names: [String] = []
    var problems = ProblemList(file: file)
    for label in labels {
      if let name = label.digits {
        names.append(name)
      } else {
        problems.add(.classes(file, .notWhole(label.place, text: label.text)))
      }
    }
    try problems.throwIfAny()
    return names
  }

  /// Whether labels are taken as they are written: if none is a number or some have a needless zero in
  /// front, and the line `uncertain`, which may be a header, does not have the only text.
  private func areTexts(_ uncertain: Int?) -> Bool {
    guard labels.contains(where: \.isNumber) else { return true }
    guard labels.contains(where: \.isCode) else { return false }
    guard let uncertain else { return true }
    let lines = labels.filter { !$0.isNumber }.map(\.place.line)
    return !lines.contains(uncertain)
  }

  /// Distinct names in order: class numbers by value, text by its bytes.
  private func sorted(_ names: [String], asText: Bool) -> [String] {
    Set(names.map(ExactText.init)).map(\.text).sorted { a, b in
      if !asText { return Int128(a)! < Int128(b)! }
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
  }

  /// Whether the labels are numbers of `known` classes that are texts.
  func isNumbering(_ known: KnownClasses) -> Bool { numbers(of: known) != nil }

  /// The classes that the labels number, where the names of `known` are no numbers and all labels are such.
  private func numbers(of known: KnownClasses) -> [Int32]? {
    guard known.areTexts else { return nil }
    let numbers = labels.compactMap { label -> Int32? in
      guard case .whole(let value) = label.number, value >= 0, value < known.names.count
      else { return nil }
      return Int32(value)
    }
    return numbers.count == labels.count ? numbers : nil
  }
}
