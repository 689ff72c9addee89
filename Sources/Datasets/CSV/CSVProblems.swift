/// What is wrong with the values of a table, by columns: whether a value or its column is at fault is
/// known when all rows have been seen.
struct CSVProblems {
  /// A problem of one value, and where its line is among the others.
  private struct Finding {
    let line: Int
    let column: Int
    let problem: DatasetError.ValueProblem

    /// Whether a value is missing of which `kind` says what can be done.
    func isMissing(_ kind: DatasetError.Missing) -> Bool {
      if case .missing(_, kind) = problem { true } else { false }
    }
  }

  private struct Column {
    var missing = 0
    var isInput = false
    var texts = 0
    var others = 0
    /// Texts that are numbers with the other decimal sign.
    var otherSigns = 0
    /// Texts that are numbers with separators between thousands, and those of them that are nothing else.
    var grouped = 0
    var groupedAlone = 0
    /// Texts that are numbers with the other decimal sign, and not with separators.
    var otherSignsAlone = 0
    var firstGrouped: (text: String, number: GroupedNumber, line: Int)?
    var firstText: (text: String, line: Int)?
    var firstOtherSign: (text: String, line: Int)?
    /// As many of each kind as are shown.
    var missingValues: [Finding] = []
    var textValues: [Finding] = []
    var otherValues: [Finding] = []

    /// Takes in what was found in rows behind these.
    mutating func add(_ later: Column) {
      missing += later.missing
      isInput = isInput || later.isInput
      (texts, others) = (texts + later.texts, others + later.others)
      otherSigns += later.otherSigns
      (grouped, groupedAlone) = (grouped + later.grouped, groupedAlone + later.groupedAlone)
      otherSignsAlone += later.otherSignsAlone
      firstGrouped = firstGrouped ?? later.firstGrouped
      firstText = firstText ?? later.firstText
      firstOtherSign = firstOtherSign ?? later.firstOtherSign
      missingValues = Self.shown(missingValues + later.missingValues)
      textValues = Self.shown(textValues + later.textValues)
      otherValues = Self.shown(otherValues + later.otherValues)
    }

    private static func shown(_ findings: [Finding]) -> [Finding] {
      Array(findings.prefix(ProblemList.shown))
    }

    /// Missing values of one kind as one problem, where they are more than a few; nil elsewhere.
    var foldedMissing: DatasetError.ColumnProblem? {
      guard missing > CSVProblems.mostMissing,
        case .missing(_, let kind)? = missingValues.first?.problem,
        missingValues.allSatisfy({ $0.isMissing(kind) })
      else { return nil }
      let lines = missingValues.prefix(CSVProblems.mostLines).map(\.line)
      return .missing(count: missing, lines: lines, kind)
    }
  }

  /// Missing values of a column that are told one by one.
  private static let mostMissing = 2
  /// Lines of others that are told.
  private static let mostLines = 8

  private let table: CSVTable
  private let targets: Set<Int>
  private let words: SettingWords
  private var columns: [Int: Column] = [:]

  /// Of the table `table` with targets in the columns `targets`.
  init(_ table: CSVTable, _ targets: [Int], _ words: SettingWords) {
    self.table = table
    self.targets = Set(targets)
    self.words = words
  }

  /// Takes in what was found in rows behind these.
  mutating func add(_ later: CSVProblems) {
    for (column, tally) in later.columns { columns[column, default: Column()].add(tally) }
  }

  /// Adds a missing value.
  mutating func addMissing(
    _ text: String, _ what: DatasetError.Missing, line: Int, column: Int
  ) {
    columns[column, default: Column()].missing += 1
    if case .input = what { columns[column]!.isInput = true }
    let what = line == table.uncertainLine ? .firstRow(words) : what
    guard columns[column]!.missingValues.count < ProblemList.shown else { return }
    columns[column]!.missingValues.append(
      Finding(line: line, column: column, problem: .missing(text: text, what)))
  }

  /// Adds a text where a number is wanted; `isOtherSign`: it is one with the other decimal sign.
  mutating func addText(_ text: String, isOtherSign: Bool, line: Int, column: Int) {
    let isFirst = line == table.uncertainLine && !isOtherSign
    var tally = columns[column, default: Column()]
    columns[column] = nil
    // Names above numbers do not make a column of text.
    if !isFirst {
      tally.texts += 1
      if tally.firstText == nil { tally.firstText = (text, line) }
      if isOtherSign {
        tally.otherSigns += 1
      }
      let number = GroupedNumber(text, decimal: table.decimal)
      if let number {
        tally.grouped += 1
        if !isOtherSign { tally.groupedAlone += 1 }
        if tally.firstGrouped == nil { tally.firstGrouped = (text, number, line) }
      } else if isOtherSign {
        tally.otherSignsAlone += 1
        if tally.firstOtherSign == nil { tally.firstOtherSign = (text, line) }
      }
    }
    if isFirst { tally.others += 1 }
    let finding = Finding(
      line: line, column: column,
      problem: .notNumeric(text: text, firstRow: isFirst, words))
    if isFirst {
      tally.otherValues.append(finding)
    } else if tally.textValues.count < ProblemList.shown {
      tally.textValues.append(finding)
    }
    columns[column] = tally
  }

  /// Adds another problem of a value.
  mutating func add(_ problem: DatasetError.ValueProblem, line: Int, column: Int) {
    columns[column, default: Column()].others += 1
    guard columns[column]!.otherValues.count < ProblemList.shown else { return }
    columns[column]!.otherValues.append(Finding(line: line, column: column, problem: problem))
  }

  /// - Throws: `DatasetError` with everything that is wrong, if anything is.
  func throwIfAny() throws(DatasetError) {
    guard !columns.isEmpty || !table.problems.isEmpty else { return }
    var problems = table.problems
    let otherSign = otherSign
    if let otherSign { problems.add(otherSign) }
    var findings: [Finding] = []
    var hidden = 0
    for column in columns.keys.sorted() {
      let tally = columns[column]!
      let values = table.rows - tally.missing
      if tally.missing == table.rows, table.rows > 1, tally.isInput {
        problems.add(.column(table.file, table.column(column), .empty(words)))
      } else if let folded = tally.foldedMissing {
        problems.add(.column(table.file, table.column(column), folded))
        hidden += tally.missing - 1
      } else {
        findings += tally.missingValues
        hidden += tally.missing - tally.missingValues.count
      }
      if otherSign != nil, tally.otherSigns * 2 > tally.texts {
        // It is said once for all columns.
      } else if tally.grouped * 2 > tally.texts, let first = tally.firstGrouped {
        problems.add(
          .column(
            table.file, table.column(column),
            .grouped(
              first.text, plain: first.number.plain, separator: first.number.separator,
              line: first.line, count: tally.grouped,
              sign: tally.groupedAlone == 0 ? table.decimal.other : nil, words)))
        hidden += tally.texts - tally.grouped
      } else if tally.texts > 1, tally.texts * 2 > values, let first = tally.firstText {
        problems.add(
          .column(
            table.file, table.column(column),
            targets.contains(column)
              ? .textTarget(first.text, line: first.line, count: tally.texts, words)
              : .text(first.text, line: first.line, count: tally.texts, words)))
      } else {
        findings += tally.textValues
        hidden += tally.texts - tally.textValues.count
      }
      findings += tally.otherValues
      hidden += tally.others - tally.otherValues.count
    }
    findings.sort { ($0.line, $0.column) < ($1.line, $1.column) }
    for finding in findings {
      problems.add(
        .value(table.file, .line(finding.line, table.column(finding.column)), finding.problem))
    }
    problems.addHidden(hidden)
    try problems.throwIfAny()
  }

  /// A table of the other decimal sign has one problem, not one a value.
  private var otherSign: DatasetError? {
    for column in columns.keys.sorted() {
      let tally = columns[column]!
      guard let first = tally.firstOtherSign, tally.otherSigns * 2 > tally.texts,
        tally.otherSigns * 4 > table.rows - tally.missing, tally.groupedAlone == 0
      else { continue }
      let other = table.decimal.other
      return .column(
        table.file, table.column(column),
        .otherDecimal(first.text, line: first.line, other, words))
    }
    return nil
  }
}
