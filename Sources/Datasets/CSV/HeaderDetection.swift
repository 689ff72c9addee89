/// Finds out whether the first row of a CSV has the names of its columns.
struct HeaderDetection {
  /// Rows behind the first one that are looked at.
  private static let rows = 20

  /// Whether it has.
  let isHeader: Bool
  /// Whether it is taken for data only because one of its fields is a number.
  let isUncertain: Bool
  /// Whether the names count the columns, and a model has others.
  let isCounted: Bool
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
    var scanner = start
    let first = stated == true ? [] : try Self.row(&scanner, file)
    if let stated {
      (isHeader, isUncertain) = (stated, !stated && !first.contains(where: \.isNumber))
      (isCounted, note) = (false, nil)
      return
    }
    // A value of a row of data can well be a name; most of them are not.
    let known = expected.map { Set(first.map(\.text)).intersection($0).count * 2 > $0.count }
    if wantsNames || known == true || first.allSatisfy({ !$0.isNumber }) {
      (isHeader, isUncertain, isCounted, note) = (true, false, false, nil)
      return
    }
    var others: [[Cell]] = []
    while others.count < Self.rows, !scanner.isAtEnd { others.append(try Self.row(&scanner, file)) }
    let finding = FirstRow(first, others).finding(isOfModel: expected != nil, words)
    isHeader = finding.kind != .data
    isUncertain = !isHeader
    isCounted = finding.kind == .counts
    note = finding.note
  }

  /// What a field of a row is.
  struct Cell {
    let text: String
    let isNumber: Bool
    /// Whether it is neither a number nor missing.
    let isText: Bool
  }

  private static func row(
    _ scanner: inout CSVScanner, _ file: String
  ) throws(DatasetError) -> [Cell] {
    var cells: [Cell] = []
    while true {
      let field = try scanner.next(file: file)
      let text = scanner.text(field) ?? ""
      switch scanner.number(field) {
      case .number, .notFinite: cells.append(Cell(text: text, isNumber: true, isText: false))
      case .missing: cells.append(Cell(text: text, isNumber: false, isText: false))
      case .text:
        var isNumber = false
        if case .number = scanner.numberOtherwise(field) { isNumber = true }
        cells.append(Cell(text: text, isNumber: isNumber, isText: !isNumber))
      }
      if field.endsRow { return cells }
    }
  }
}
