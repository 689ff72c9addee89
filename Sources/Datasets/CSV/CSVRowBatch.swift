/// Some rows of a table, one behind the other, as they are read.
struct CSVRowBatch {
  let rules: CSVRowRules
  /// Row-major, of the rows that are kept.
  var inputs: [Double]
  /// Targets that are numbers, row-major, of the rows that are kept.
  var values: [Double]
  /// Nil unless labels are the targets.
  private(set) var classes: ClassTable?
  /// Rows that were read.
  private(set) var seen = 0
  /// Rows that were read and kept.
  private(set) var kept = 0
  /// Inputs that are missing and not filled yet.
  private(set) var holes: [(row: Int, input: Int)] = []
  /// Missing values of each column, filled or not.
  var missing: [Int]
  /// Rows that are kept though a value is missing.
  private(set) var incomplete: [Int] = []
  /// Columns of whole numbers that float64 does not hold, with one of them.
  private(set) var coarse: [Int: String] = [:]
  /// Numbers that float32 does not hold as they are written, the first of them.
  private(set) var large: [LargeNumber] = []
  /// Of each column, texts for which all its inputs are 0, and the first of them.
  var unknown: [Int: (count: Int, first: String)] = [:]
  var problems: CSVProblems
  /// Nil where nobody asks.
  private(set) var hashes: CSVRowHashes?
  /// What ended the reading before its end; rows before it are there.
  private(set) var failure: DatasetError?
  private let most: Int

  // The row that is being read.
  /// Where its inputs begin.
  private(set) var firstInput = 0
  private(set) var firstValue = 0
  var label: (text: String, line: Int)?
  var rowHoles: [Int] = []
  var isDropped = false

  /// Room for `most` rows.
  init(_ rules: CSVRowRules, most: Int) {
    self.rules = rules
    self.most = most
    inputs = [Double](repeating: 0, count: most * rules.plan.width)
    values = [Double](repeating: 0, count: most * rules.values)
    classes = rules.classes(rows: most)
    missing = [Int](repeating: 0, count: rules.table.columns)
    problems = CSVProblems(rules.table, rules.plan.targets, rules.words)
    hashes = rules.hashes
  }

  /// Reads rows until there is room for none, or the text ends, or `end` is reached.
  mutating func read(_ scanner: inout CSVScanner, until end: Int = .max) {
    do throws(DatasetError) {
      try readRows(&scanner, until: end)
    } catch {
      failure = error
    }
    inputs.removeLast(inputs.count - kept * rules.plan.width)
    values.removeLast(values.count - kept * rules.values)
  }

  /// The rows of `section`, all of them.
  init(_ rules: CSVRowRules, of section: CSVSection) {
    self.init(rules, most: section.rows)
    var scanner = rules.table.start
    do throws(DatasetError) { try scanner.go(to: section) } catch {
      failure = error
      return
    }
    let end = section.places.upperBound
    read(&scanner, until: end)
    if failure == nil, seen != section.rows || scanner.place != end {
      failure = .file(rules.table.file, .changedWhileReading)
    }
  }

  private mutating func readRows(
    _ scanner: inout CSVScanner, until end: Int
  ) throws(DatasetError) {
    let table = rules.table
    while !scanner.isAtEnd, scanner.place < end {
      if !table.ragged.isEmpty, table.ragged.contains(scanner.line) {
        _ = try scanner.nextRow(file: table.file)
        continue
      }
      if seen == most { return }
      seen += 1
      try readRow(&scanner)
    }
  }

  private mutating func readRow(_ scanner: inout CSVScanner) throws(DatasetError) {
    firstInput = kept * rules.plan.width
    firstValue = kept * rules.values
    let last = rules.table.columns - 1
    var column = 0
    while column <= last {
      let run = rules.runs[column]
      if run > 0, case .number(let input, _) = rules.plan.roles[column] {
        let start = scanner.position
        let passed = scanner.nextNumbers(run, into: &inputs, at: firstInput + input)
        if passed.count > 0 {
          hashes?.add(numbers: passed.count, scanner, from: start, column: column)
          column += passed.count
          try endField(&scanner, column - 1, last, passed.endsRow)
          continue
        }
      }
      let line = scanner.line
      let field = try scanner.next(file: rules.table.file)
      try take(field, scanner, line, column)
      try endField(&scanner, column, last, field.endsRow)
      column += 1
    }
    try endRow()
  }

  /// Takes a field as what its column is.
  private mutating func take(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int
  ) throws(DatasetError) {
    switch rules.plan.roles[column] {
    case .number(let input, let fill):
      inputs[firstInput + input] = try number(
        field, scanner, line, column, fill: fill, hole: input)
    case .value(let i):
      values[firstValue + i] = try number(field, scanner, line, column, fill: nil, hole: nil)
    case .category(let first, let levels):
      try setLevel(field, scanner, line, column, first, rules.plan.levels[levels])
    case .label: try setLabel(field, scanner, line, column)
    case .ignored: break
    }
    if hashes?.add(field, scanner, column: column) == false {
      if rules.policy == .drop {
        isDropped = true
      } else {
        problems.add(.noKey, line: line, column: column)
      }
    }
  }

  /// Looks at whether the number `value` is the whole number that is written, and whether float32 holds it.
  mutating func addLarge(
    _ value: Double, _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int
  ) {
    if !Float(value).isFinite, large.count < LargeNumber.most,
      let use = rules.plan.roles[column].numberUse, let text = scanner.text(field)
    {
      large.append(
        LargeNumber(
          row: kept, use: use, line: line, column: rules.table.column(column), text: text))
    }
    guard coarse[column] == nil, let text = scanner.text(field),
      let whole = WholeNumber.value(of: text, decimal: scanner.decimal),
      whole != Int128(exactly: value)
    else { return }
    coarse[column] = text
  }

  /// Looks at whether the row ends where it did in the first walk.
  private func endField(
    _ scanner: inout CSVScanner, _ column: Int, _ last: Int, _ endsRow: Bool
  ) throws(DatasetError) {
    if endsRow == (column == last) { return }
    // Behind the last column nothing stands but a delimiter.
    if column == last, try scanner.next(file: rules.table.file).endsRow { return }
    throw .file(rules.table.file, .changedWhileReading)
  }

  private mutating func endRow() throws(DatasetError) {
    defer {
      rowHoles.removeAll(keepingCapacity: true)
      isDropped = false
      label = nil
    }
    let table = rules.table
    hashes?.endRow(isKept: rules.keepsRows || !isDropped)
    if isDropped {
      while large.last?.row == kept { large.removeLast() }
      guard rules.keepsRows else { return }
      incomplete.append(kept)
      for i in firstInput..<(firstInput + rules.plan.width) { inputs[i] = 0 }
    }
    if let label {
      try classes?.append(
        label.text, .line(label.line, table.column(rules.plan.targets[0])), file: table.file)
    }
    for input in rowHoles { holes.append((kept, input)) }
    kept += 1
  }
}
