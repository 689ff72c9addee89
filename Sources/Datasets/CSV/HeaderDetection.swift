/// Finds out whether the first row of a CSV has the names of its columns.
struct HeaderDetection {
  /// Rows behind the first one that are looked at.
  private static let rows = 20
  /// Fewest of them that tell whole numbers from others.
  private static let tellingRows = 5

  /// Whether it has.
  let isHeader: Bool
  /// Whether it is taken for data only because one of its fields is a number.
  let isUncertain: Bool
  /// What should be said about it, to follow the file's name.
  let note: String?

  /// - Parameters:
  ///   - start: stands at the first row.
  ///   - stated: what the settings say.
  ///   - wantsNames: whether columns are selected by name.
  ///   - expected: the names that a model knows, where it knows any.
  /// - Throws: `DatasetError` for quotes that do not close.
  init(
    _ start: CSVScanner, file: String, stated: Bool?, wantsNames: Bool, expected: Set<String>?,
    words: SettingWords
  ) throws(DatasetError) {
    if let stated {
      (isHeader, isUncertain, note) = (stated, false, nil)
      return
    }
    var scanner = start
    let first = try Self.row(&scanner, file)
    if let expected, first.contains(where: { expected.contains($0.text) }) {
      (isHeader, isUncertain, note) = (true, false, nil)
      return
    }
    if wantsNames || first.allSatisfy({ !$0.isNumber }) {
      (isHeader, isUncertain, note) = (true, false, nil)
      return
    }
    var others: [[Cell]] = []
    while others.count < Self.rows, !scanner.isAtEnd { others.append(try Self.row(&scanner, file)) }
    let counted = first.first?.text.isEmpty == true ? Array(first.dropFirst()) : first
    let counts = counted.enumerated().allSatisfy { $1.text == String($0) }
    let goesOn = others.first.map { next in
      zip(first, next).allSatisfy { $1.text == Int($0.text).map { String($0 + first.count) } }
    }
    if counts, expected == nil, goesOn == false {
      // Two numbers, 0 and 1, can well be a row of data.
      isHeader = counted.count > 2
      note =
        isHeader
        ? "the first line counts 0, 1, 2, … as pandas names columns, so it is taken for names; write "
          + "\(words.header(false)) if it is a row of data"
        : "the first line counts 0, 1; write \(words.header(true)) if these are names"
      isUncertain = !isHeader
      return
    }
    let isWhole =
      first.allSatisfy { Int($0.text) != nil }
      && Set(first.map(\.text)).count == first.count
    let areFractions =
      others.count >= Self.tellingRows
      && others.allSatisfy { $0.allSatisfy { $0.isNumber && Int($0.text) == nil } }
    isHeader = false
    isUncertain = true
    note =
      isWhole && areFractions && expected == nil
      ? "the first line has whole numbers alone, the others have none; write \(words.header(true)) if "
        + "it holds names" : nil
  }

  private struct Cell {
    let text: String
    let isNumber: Bool
  }

  private static func row(
    _ scanner: inout CSVScanner, _ file: String
  ) throws(DatasetError) -> [Cell] {
    var cells: [Cell] = []
    while true {
      let field = try scanner.next(file: file)
      cells.append(Cell(text: scanner.text(field) ?? "", isNumber: isNumber(field, scanner)))
      if field.endsRow { return cells }
    }
  }

  /// Whether a field is a number, with whatever sign.
  private static func isNumber(_ field: CSVScanner.Field, _ scanner: CSVScanner) -> Bool {
    switch scanner.number(field) {
    case .number, .notFinite: return true
    case .missing: return false
    case .text:
      if case .number = scanner.numberOtherwise(field) { return true }
      return false
    }
  }
}
