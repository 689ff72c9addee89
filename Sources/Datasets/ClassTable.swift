/// Collects the labels of rows and numbers the classes in them.
///
/// Labels are either all numbers or all text. Numbers must be whole, from 0 to `largestNumber`; the
/// classes are the distinct values in numeric order, named in decimal digits ("07" and "7.0" are
/// the class "7"). Text is compared as Unicode compares it: an accented letter is the same whether it
/// is written as one code point or as two. The classes are the distinct texts, each as it occurs
/// first, in the order of their UTF-8 bytes.
struct ClassTable {
  /// Largest number that is a class.
  static let largestNumber = 65_535
  /// Largest number of classes.
  static let limit = 65_536

  private struct Label {
    let text: String
    /// Where it first occurs.
    let row: Int
    /// Its value where it is a number.
    let number: Double?
  }

  /// Class of each row, numbered in order of first occurrence.
  private var occurrences: [Int32] = []
  private var labels: [Label] = []
  private var indices: [String: Int32] = [:]

  /// Room for the labels of `rows` rows.
  init(rows: Int) { occurrences.reserveCapacity(rows) }

  /// Adds the label of the next row.
  /// - Throws: `DatasetError` for NaN, for infinities and for more than `limit` different labels.
  mutating func append(_ text: String, row: Int, file: String) throws(DatasetError) {
    if let index = indices[text] {
      occurrences.append(index)
      return
    }
    guard labels.count < Self.limit else {
      throw .classes(file, .tooManyClasses(limit: Self.limit))
    }
    let bytes = Array(text.utf8)
    let number: Double?
    switch NumericField(bytes, in: 0..<bytes.count) {
    case .number(let value): number = value
    case .notFinite: throw .classes(file, .labelOutOfRange(row: row, text: text))
    case .missing, .text: number = nil
    }
    let index = Int32(labels.count)
    indices[text] = index
    occurrences.append(index)
    labels.append(Label(text: text, row: row, number: number))
  }

  /// The labels as indices of classes: of the `known` ones, or of those that occur here.
  /// - Throws: `DatasetError` for a label out of range or unknown, for text among numbers, and for
  ///   one class only where the classes are not known before.
  func targets(file: String, known: KnownClasses?) throws(DatasetError) -> Dataset.Targets {
    let names: [String]
    var index: [String: Int32] = [:]
    var labelNames: [String] = []
    if let known {
      names = known.names
      let numeric = names.allSatisfy { Int($0).map(String.init) == $0 }
      labelNames = labels.map { (numeric ? Self.name($0) : nil) ?? $0.text }
    } else {
      labelNames = try ownNames(file: file)
      names = sorted(labelNames)
      guard names.count > 1 else {
        throw names.isEmpty
          ? .file(file, .noRows) : .classes(file, .oneClass(label: names[0]))
      }
    }
    for (i, name) in names.enumerated() { index[name] = Int32(i) }
    var classes: [Int32] = []
    for (label, name) in zip(labels, labelNames) {
      guard let found = index[name] else {
        throw .classes(
          file, .unseenLabel(row: label.row, label: label.text, training: known?.training))
      }
      classes.append(found)
    }
    return .classes(occurrences.map { classes[Int($0)] }, names: names)
  }

  /// The name of the class of each label, where this file defines the classes.
  private func ownNames(file: String) throws(DatasetError) -> [String] {
    guard labels.contains(where: { $0.number != nil }) else { return labels.map(\.text) }
    if let text = labels.first(where: { $0.number == nil }) {
      throw .classes(file, .mixedLabels(row: text.row, text: text.text))
    }
    var names: [String] = []
    for label in labels {
      guard let name = Self.name(label) else {
        throw .classes(file, .labelOutOfRange(row: label.row, text: label.text))
      }
      names.append(name)
    }
    return names
  }

  /// The decimal digits of a label that is a class number.
  private static func name(_ label: Label) -> String? {
    guard let number = label.number, let whole = Int(exactly: number),
      (0...largestNumber).contains(whole)
    else { return nil }
    return String(whole)
  }

  /// Distinct names in order: class numbers by value, text by its bytes.
  private func sorted(_ names: [String]) -> [String] {
    Set(names).sorted { a, b in
      if labels[0].number != nil { return Int(a)! < Int(b)! }
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
  }
}
