import Storage

/// The second walk over a CSV text: fills inputs and targets.
struct CSVRows {
  /// [rows, inputs]; no rows where they are written to a file.
  private var inputs: DataMatrixBuilder
  /// Takes the inputs in the place of memory.
  private let writer: RowWriter?
  /// [rows, targets]; no columns unless the task is regression.
  private var values: DataMatrixBuilder
  /// The label of each row; nil unless the task is classification.
  private(set) var classes: ClassTable?
  /// Rows that were read and kept.
  private(set) var kept = 0
  /// Inputs that are missing and not filled yet.
  private(set) var holes: MissingInputs
  /// Missing values of each column, filled or not.
  private(set) var missing: [Int]
  /// Rows that are kept though a value is missing.
  private(set) var incomplete: [Int32] = []
  /// Columns of whole numbers that float64 does not hold, with one of them.
  private var coarse: [Int: String] = [:]
  /// Of each column, texts for which all its inputs are 0, and the first of them.
  private var unknown: [Int: (count: Int, first: String)] = [:]

  private let table: CSVTable
  private let plan: ColumnPlan
  private let policy: ColumnSettings.Missing
  private let dropsTargets: Bool
  private let keepsRows: Bool
  private let isOfModel: Bool
  private let words: SettingWords
  private var problems: CSVProblems
  // The row that is being read.
  private var rowInputs: [Double]
  private var rowValues: [Double]
  private var rowLabel: (text: String, line: Int)?
  private var rowHoles: [Int] = []
  /// Nil where nobody asks.
  private(set) var hashes: CSVRowHashes?
  private var isDropped = false

  /// Room for all rows.
  ///
  /// - Parameters:
  ///   - hashes: where rows are hashed; nil for nowhere.
  ///   - writer: takes the inputs in the place of memory.
  init(
    _ table: CSVTable, _ plan: ColumnPlan, _ request: TableRequest, hashes: CSVRowHashes? = nil,
    writer: RowWriter? = nil
  ) {
    self.writer = writer
    self.table = table
    self.plan = plan
    policy = request.missing
    dropsTargets = request.dropsTargets
    keepsRows = request.keepsRows
    isOfModel = request.context.interface != nil
    words = request.context.words
    let targets = request.task == .regression ? plan.targets.count : 0
    inputs = DataMatrixBuilder(rows: writer == nil ? table.rows : 0, columns: plan.width)
    values = DataMatrixBuilder(rows: table.rows, columns: targets)
    classes =
      request.task == .classification
      ? ClassTable(
        rows: table.rows, column: plan.targets.first.map(table.column), decimal: table.decimal)
      : nil
    missing = [Int](repeating: 0, count: table.columns)
    holes = MissingInputs(columns: plan.width)
    problems = CSVProblems(table, plan.targets, request.context.words)
    self.hashes = hashes
    rowInputs = [Double](repeating: 0, count: plan.width)
    rowValues = [Double](repeating: 0, count: targets)
  }

  /// The rows that were read, without those that were dropped; they are let go of.
  mutating func takeMatrices() -> (inputs: DataMatrix, values: DataMatrix) {
    (inputs.take(writer == nil ? kept : 0), values.take(kept))
  }

  /// Sentences about the rows that were read.
  var notes: [String] {
    var notes: [String] = []
    if kept < table.rows {
      notes.append(
        // Where inputs are filled, only targets can be missing.
        "\(rowsOf(table.rows - kept)) \(policy.isFilled ? "no target" : "a missing value") and "
          + "\(left(table.rows - kept)) left out")
    }
    if !incomplete.isEmpty {
      notes.append(
        "\(rowsOf(incomplete.count)) a missing input, and the predictions there are empty")
    }
    for column in unknown.keys.sorted() {
      let (count, first) = unknown[column]!
      notes.append(
        "\(rowsOf(count)) a text in \(table.column(column)) that training did not have, such as "
          + "\(excerpt(first)), and all inputs of the column are 0 there")
    }
    return notes.map { "\(table.file): \($0)" }
      + CoarseNumbers.notes(coarse, file: table.file, names: table.names, role: "column")
  }

  /// Looks at whether the number `value` is the whole number that is written.
  private mutating func addLarge(
    _ value: Double, _ field: CSVScanner.Field, _ scanner: CSVScanner, _ column: Int
  ) {
    guard coarse[column] == nil, let text = scanner.text(field),
      let whole = WholeNumber.value(of: text, decimal: scanner.decimal),
      whole != Int128(exactly: value)
    else { return }
    coarse[column] = text
  }

  private func rowsOf(_ count: Int) -> String {
    "\(count) of \(counted(table.rows, "row")) \(count == 1 ? "has" : "have")"
  }

  private func left(_ count: Int) -> String { count == 1 ? "is" : "are" }

  /// Reads all rows.
  /// - Throws: `DatasetError` with all fields that are not what their columns need.
  mutating func read() throws(DatasetError) {
    var scanner = table.start
    let last = table.columns - 1
    let plainInputs = plainInputs(scanner)
    var read = 0
    while !scanner.isAtEnd {
      if !table.ragged.isEmpty, table.ragged.contains(scanner.line) {
        while !(try scanner.next(file: table.file)).endsRow {}
        continue
      }
      guard read < table.rows else { throw .file(table.file, .changedWhileReading) }
      read += 1
      for column in 0...last {
        if plainInputs[column] >= 0, let number = scanner.nextNumber() {
          rowInputs[plainInputs[column]] = number.value
          try endField(&scanner, column, last, number.endsRow)
          continue
        }
        let line = scanner.line
        let field = try scanner.next(file: table.file)
        switch plan.roles[column] {
        case .number(let input, let fill):
          if case .number(let value) = scanner.number(field) {
            rowInputs[input] = value
            if abs(value) >= CoarseNumbers.limit { addLarge(value, field, scanner, column) }
          } else {
            rowInputs[input] = try number(
              field, scanner, line, column, fill: fill, hole: input)
          }
        case .value(let i):
          if case .number(let value) = scanner.number(field) {
            rowValues[i] = value
            if abs(value) >= CoarseNumbers.limit { addLarge(value, field, scanner, column) }
          } else {
            rowValues[i] = try number(field, scanner, line, column, fill: nil, hole: nil)
          }
        case .category(let first, let levels):
          try setLevel(field, scanner, line, column, first, plan.levels[levels])
        case .label: try setLabel(field, scanner, line, column)
        case .ignored: break
        }
        if hashes?.add(field, scanner, column: column) == false {
          if policy == .drop {
            isDropped = true
          } else {
            problems.add(.noKey, line: line, column: column)
          }
        }
        try endField(&scanner, column, last, field.endsRow)
      }
      try endRow()
    }
    guard read == table.rows else { throw .file(table.file, .changedWhileReading) }
    try problems.throwIfAny()
    guard kept > 0 else {
      throw .at(
        table.file,
        "every row has a missing value, so missing: drop leaves none; leave columns out, or write "
          + "missing: mean or median")
    }
  }

  /// Of each column, the input of which its numbers can be read the short way; -1 for none.
  private func plainInputs(_ scanner: CSVScanner) -> [Int] {
    plan.roles.map { role in
      if case .number(let input, _) = role, hashes == nil, !scanner.missing.haveNumbers {
        input
      } else {
        -1
      }
    }
  }

  /// Looks at whether the row ends where it did in the first walk.
  private func endField(
    _ scanner: inout CSVScanner, _ column: Int, _ last: Int, _ endsRow: Bool
  ) throws(DatasetError) {
    if endsRow == (column == last) { return }
    // Behind the last column nothing stands but a delimiter.
    if column == last, try scanner.next(file: table.file).endsRow { return }
    throw .file(table.file, .changedWhileReading)
  }

  private mutating func endRow() throws(DatasetError) {
    defer {
      rowHoles.removeAll(keepingCapacity: true)
      isDropped = false
      rowLabel = nil
    }
    hashes?.endRow(isKept: keepsRows || !isDropped)
    if isDropped {
      guard keepsRows else { return }
      incomplete.append(Int32(kept))
      for i in rowInputs.indices { rowInputs[i] = 0 }
    }
    if let writer {
      try writer.store(rowInputs)
    } else {
      inputs.store(rowInputs, at: kept * rowInputs.count)
    }
    if !rowValues.isEmpty { values.store(rowValues, at: kept * rowValues.count) }
    if let rowLabel {
      try classes?.append(
        rowLabel.text, .line(rowLabel.line, table.column(plan.targets[0])), file: table.file)
    }
    for input in rowHoles { holes.add(row: kept, input: input) }
    kept += 1
  }

  /// What a field that is not a number stands for; what is wrong is kept for later.
  private mutating func number(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int, fill: Double?,
    hole: Int?
  ) throws(DatasetError) -> Double {
    guard let text = scanner.text(field) else { throw .notUTF8(table.file, line: line) }
    switch scanner.number(field) {
    case .missing:
      missing[column] += 1
      if let fill { return fill }
      if policy == .drop || dropsTargets && hole == nil {
        isDropped = true
      } else if policy.isFilled, let hole {
        rowHoles.append(hole)
      } else {
        problems.addMissing(text, missingKind(isTarget: hole == nil), line: line, column: column)
      }
    case .notFinite: problems.add(.notFinite(text: text), line: line, column: column)
    case .number, .text:
      var isOtherSign = false
      if case .number = scanner.numberOtherwise(field) { isOtherSign = true }
      problems.addText(text, isOtherSign: isOtherSign, line: line, column: column)
    }
    return 0
  }

  private func missingKind(isTarget: Bool) -> DatasetError.Missing {
    if words == .command { return isTarget || !isOfModel ? .measured : .inputOfModel }
    return isTarget ? .target : .input
  }

  /// The inputs for a field of text.
  private mutating func setLevel(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int, _ first: Int,
    _ levels: ColumnPlan.Levels
  ) throws(DatasetError) {
    for i in first..<(first + levels.names.count) { rowInputs[i] = 0 }
    guard let text = scanner.text(field) else { throw .notUTF8(table.file, line: line) }
    var level = text.isEmpty ? nil : levels.indices[ExactText(text)]
    if level == nil, case .missing = scanner.number(field) {
      missing[column] += 1
      level = levels.missing
      if level == nil, policy == .drop {
        isDropped = true
        return
      }
      if level == nil, !levels.unknownIsZero || !isOfModel {
        let kind =
          words.isOfSchedule && isOfModel ? .level : missingKind(isTarget: false)
        problems.addMissing(text, kind, line: line, column: column)
        return
      }
    }
    if let level {
      rowInputs[first + level] = 1
    } else if levels.unknownIsZero {
      unknown[column, default: (0, text)].count += 1
    } else {
      problems.add(
        .unknownLevel(text: text, levels: levels.names.count), line: line, column: column)
    }
  }

  /// Keeps the label in a field.
  private mutating func setLabel(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int
  ) throws(DatasetError) {
    guard let text = scanner.text(field) else { throw .notUTF8(table.file, line: line) }
    guard scanner.missing.contains(label: text) else {
      rowLabel = (text, line)
      return
    }
    missing[column] += 1
    if dropsTargets {
      isDropped = true
    } else {
      let kind = missingKind(isTarget: true)
      problems.addMissing(
        text, text.isEmpty || kind != .target ? kind : .label, line: line, column: column)
    }
  }
}
