/// A first row in which some field is a number, and the rows behind it: whether it has names all the same.
struct FirstRow {
  typealias Cell = HeaderDetection.Cell

  /// Fewest rows that tell of their columns.
  private static let tellingRows = 5
  /// Fewest numbers that count from 0 only as names.
  private static let tellingCount = 3

  private let first: [Cell]
  /// Rows of as many fields.
  private let others: [[Cell]]
  /// Whether pandas' index can stand in front: the first field is empty.
  private let hasEmptyFront: Bool

  init(_ first: [Cell], _ others: [[Cell]]) {
    self.first = first
    self.others = others.filter { $0.count == first.count }
    hasEmptyFront = first.count > 1 && first[0].text.isEmpty
  }

  /// What the row is taken for.
  enum Kind {
    case data
    case names
    /// Names that say nothing, for they count the columns.
    case counts
  }

  /// What the row is taken for, and what should be said about it.
  func finding(isOfModel: Bool, _ words: SettingWords) -> (kind: Kind, note: String?) {
    let stated = words.header(true)
    let names = "so it is taken for names; write \(words.header(false)) if it is a row of data"
    let counts = counts && !goesOn
    if counts, numbers.count >= Self.tellingCount || hasTextAboveNumbers {
      return (.counts, "the first line counts 0, 1, 2, … as pandas names columns, \(names)")
    }
    if hasEmptyFront, isRunning(0, from: 0...1) {
      return (.names, "the first line has no value above row numbers, \(names)")
    }
    if counts, numbers.count > 1 {
      return (.data, "the first line counts 0, 1; write \(stated) if these are names")
    }
    if isOfModel { return (.data, nil) }
    if hasTextAboveNumbers {
      let text = first[texts.first(where: isAboveNumbers)!].text
      return (
        .data,
        "the first line has \(excerpt(text)) above numbers; write \(stated) if it holds names"
      )
    }
    if isWholeAboveFractions {
      return (
        .data,
        "the first line has whole numbers alone, the others have none; write \(stated) if it holds names"
      )
    }
    return (.data, nil)
  }

  /// The columns in which the row has numbers.
  private var numbers: [Int] { first.indices.filter { first[$0].isNumber } }

  /// The columns in which it has text.
  private var texts: [Int] { first.indices.filter { first[$0].isText } }

  /// Whether its numbers are 0, 1, 2, …, and what stands beside them can be names: texts that differ and
  /// do not occur below.
  private var counts: Bool {
    let numbers = numbers
    guard zip(0..., numbers).allSatisfy({ first[$1].text == String($0) }) else { return false }
    return hasNamesBesideNumbers
      && (hasTextAboveNumbers || !isRunning(numbers[0], from: 1...1))
  }

  private var hasNamesBesideNumbers: Bool {
    let texts = texts
    let empty = first.count - numbers.count - texts.count
    return empty == (hasEmptyFront ? 1 : 0)
      && Set(texts.map { first[$0].text }).count == texts.count
      && texts.allSatisfy { column in !others.contains { $0[column].text == first[column].text } }
  }

  /// Whether the next row goes on counting, as the rows of a table of all numbers do.
  private var goesOn: Bool {
    guard let next = others.first else { return true }
    let numbers = numbers
    return numbers.allSatisfy { column in
      next[column].text == Int(first[column].text).map { String($0 + numbers.count) }
    }
  }

  /// Whether the rows below count in the column, from one of `starts`.
  private func isRunning(_ column: Int, from starts: ClosedRange<Int>) -> Bool {
    guard others.count >= 3, let start = Int(others[0][column].text), starts.contains(start) else {
      return false
    }
    return zip(start..., others).allSatisfy { $1[column].text == String($0) }
  }

  private func isAboveNumbers(_ column: Int) -> Bool {
    others.count >= Self.tellingRows && others.allSatisfy { $0[column].isNumber }
  }

  private var hasTextAboveNumbers: Bool { texts.contains(where: isAboveNumbers) }

  /// Whether the numbers of the row are whole and differ, and those below are not whole, in all columns or
  /// all but one, which can be the label.
  private var isWholeAboveFractions: Bool {
    let numbers = numbers
    let fractions = numbers.count { column in
      others.allSatisfy { $0[column].isNumber && Int($0[column].text) == nil }
    }
    return others.count >= Self.tellingRows && hasNamesBesideNumbers
      && numbers.allSatisfy { Int(first[$0].text) != nil }
      && Set(numbers.map { first[$0].text }).count == numbers.count
      && (fractions == numbers.count || fractions == numbers.count - 1 && fractions > 1)
  }
}
