import NeuralNetworks
import Storage

/// Finds the columns of text in a table, and their levels.
///
/// A column is text if more than half of its values are, or if any is and it has few different values. A
/// missing value is a level of its own where missing numbers are filled: the empty text.
struct LevelScan {
  /// Most levels of a column.
  static let most = 1_000
  /// Most different values of a column of numbers in which a text is taken for a level, not for a mistake.
  static let few = 20

  /// Of the columns of text.
  private(set) var kinds: [Int: ModelInterface.Input.Kind] = [:]
  /// Sentences to show the user.
  private(set) var notes: [String] = []

  /// What the fields of a column are.
  private struct Tally {
    var numbers = 0
    var texts = 0
    /// Texts that are numbers in another way of writing.
    var otherNumbers = 0
    var missing = 0
    /// Different values, up to one more than are counted.
    var values: Set<ExactText> = []
    var firstText: (text: String, line: Int)?
  }

  private let table: CSVTable

  /// - Throws: `DatasetError`, in particular for a column of more than `most` levels.
  init(
    _ table: CSVTable, columns: [Int], _ missing: ColumnSettings.Missing,
    _ unknown: ColumnSettings.UnknownLevel, _ words: SettingWords
  ) throws(DatasetError) {
    self.table = table
    var problems = ProblemList(file: table.file)
    var tallies = try tally(columns)
    // The values of columns that may be text are told apart in a second walk.
    let mixed = columns.filter { tallies[$0]!.texts > 0 }
    try collect(mixed, &tallies)
    var rowWidth = columns.count - mixed.count
    for column in mixed {
      let tally = tallies[column]!
      // Numbers with separators between thousands, or another decimal sign, are a mistake.
      if tally.otherNumbers * 2 > tally.texts { continue }
      guard tally.texts > tally.numbers || tally.values.count <= Self.few else { continue }
      guard tally.values.count <= Self.most else {
        problems.add(
          .column(
            table.file, table.column(column),
            .tooManyLevels(count: tally.values.count, limit: Self.most, words)))
        continue
      }
      if tally.numbers > 0, let first = tally.firstText {
        notes.append(
          "\(table.file): \(table.column(column)) has text (\(excerpt(first.text)) in line "
            + "\(first.line)) among numbers, so its \(tally.values.count) different values are taken "
            + "as levels")
      } else if tally.texts > Self.few, tally.values.count == tally.texts {
        notes.append(
          "\(table.file): \(table.column(column)) has another text in every row, which tells a network "
            + "nothing; \(words.leavingOut([table.column(column)])) to leave it out")
      }
      let levels = (tally.values.map(\.text) + (missing.isFilled && tally.missing > 0 ? [""] : []))
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      rowWidth += levels.count
      kinds[column] = .category(levels: levels, unknownIsZero: unknown == .zeros)
    }
    try problems.throwIfAny()
    try demand(rowWidth)
  }

  /// - Throws: `DatasetError` where the levels of all columns take too much memory.
  private func demand(_ width: Int) throws(DatasetError) {
    let (numbers, overflow) = width.multipliedReportingOverflow(by: 4 * table.rows)
    guard overflow || numbers > DataFile.defaultLimit else { return }
    throw .at(
      table.file,
      "the levels of its columns make \(width) inputs of \(table.rows) rows, which is more than the "
        + "memory for one file; leave out columns with many different texts")
  }

  private func tally(_ columns: [Int]) throws(DatasetError) -> [Int: Tally] {
    var tallies: [Int: Tally] = [:]
    var found = [Tally](repeating: Tally(), count: table.columns)
    let isWanted = wanted(columns)
    try forEachField { scanner, field, column, line throws(DatasetError) in
      guard isWanted[column] else { return }
      switch scanner.number(field) {
      case .number, .notFinite: found[column].numbers += 1
      case .missing: found[column].missing += 1
      case .text:
        found[column].texts += 1
        guard let text = scanner.text(field) else { throw .notUTF8(table.file, line: line) }
        if found[column].firstText == nil { found[column].firstText = (text, line) }
        if GroupedNumber(text, decimal: table.decimal) != nil {
          found[column].otherNumbers += 1
        } else if case .number = scanner.numberOtherwise(field) {
          found[column].otherNumbers += 1
        }
      }
    }
    for column in columns { tallies[column] = found[column] }
    return tallies
  }

  private func collect(
    _ columns: [Int], _ tallies: inout [Int: Tally]
  ) throws(DatasetError) {
    guard !columns.isEmpty else { return }
    var values = [Set<ExactText>](repeating: [], count: table.columns)
    let isWanted = wanted(columns)
    try forEachField { scanner, field, column, line throws(DatasetError) in
      guard isWanted[column] else { return }
      if case .missing = scanner.number(field) { return }
      guard let text = scanner.text(field) else { throw .notUTF8(table.file, line: line) }
      values[column].insert(ExactText(text))
    }
    for column in columns { tallies[column]!.values = values[column] }
  }

  private func wanted(_ columns: [Int]) -> [Bool] {
    var isWanted = [Bool](repeating: false, count: table.columns)
    for column in columns { isWanted[column] = true }
    return isWanted
  }

  /// Calls `body` with every field of the rows that have the fields of the table.
  private func forEachField(
    _ body: (CSVScanner, CSVScanner.Field, Int, Int) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var scanner = table.start
    while !scanner.isAtEnd {
      let isRagged = table.ragged.contains(scanner.line)
      var column = 0
      while true {
        let line = scanner.line
        let field = try scanner.next(file: table.file)
        if column < table.columns, !isRagged { try body(scanner, field, column, line) }
        column += 1
        if field.endsRow { break }
      }
    }
  }
}
