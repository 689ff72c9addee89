import Storage

/// What fields become, by what their columns are.
extension CSVRowBatch {
  /// The number in a field, or what stands for it; what is wrong is kept for later.
  ///
  /// - Parameter hole: the input that it is; nil for a target.
  mutating func number(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int, fill: Double?,
    hole: Int?
  ) throws(DatasetError) -> Double {
    let number = scanner.number(field)
    if case .number(let value) = number {
      if abs(value) >= CoarseNumbers.limit { addLarge(value, field, scanner, line, column) }
      return value
    }
    guard let text = scanner.text(field) else { throw .notUTF8(rules.table.file, line: line) }
    switch number {
    case .missing:
      missing[column] += 1
      if let fill { return fill }
      if rules.policy == .drop || rules.dropsTargets && hole == nil {
        isDropped = true
      } else if rules.policy.isFilled, let hole {
        rowHoles.append(hole)
      } else {
        problems.addMissing(
          text, rules.missingKind(isTarget: hole == nil), line: line, column: column)
      }
    case .notFinite: problems.add(.notFinite(text: text), line: line, column: column)
    case .number, .text:
      var isOtherSign = false
      if case .number = scanner.numberOtherwise(field) { isOtherSign = true }
      problems.addText(text, isOtherSign: isOtherSign, line: line, column: column)
    }
    return 0
  }

  /// Sets the inputs for a field of text.
  mutating func setLevel(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int, _ first: Int,
    _ levels: ColumnPlan.Levels
  ) throws(DatasetError) {
    let start = firstInput + first
    for i in start..<(start + levels.names.count) { inputs[i] = 0 }
    guard let text = scanner.text(field) else { throw .notUTF8(rules.table.file, line: line) }
    var level = text.isEmpty ? nil : levels.indices[ExactText(text)]
    if level == nil, case .missing = scanner.number(field) {
      missing[column] += 1
      level = levels.missing
      if level == nil, rules.policy == .drop {
        isDropped = true
        return
      }
      if level == nil, !levels.unknownIsZero || !rules.isOfModel {
        let kind =
          rules.words.isOfSchedule && rules.isOfModel
          ? .level : rules.missingKind(isTarget: false)
        problems.addMissing(text, kind, line: line, column: column)
        return
      }
    }
    if let level {
      inputs[start + level] = 1
    } else if levels.unknownIsZero {
      unknown[column, default: (0, text)].count += 1
    } else {
      problems.add(
        .unknownLevel(text: text, levels: levels.names.count), line: line, column: column)
    }
  }

  /// Keeps the label in a field.
  mutating func setLabel(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, _ line: Int, _ column: Int
  ) throws(DatasetError) {
    guard let text = scanner.text(field) else { throw .notUTF8(rules.table.file, line: line) }
    guard scanner.missing.contains(label: text) else {
      label = (text, line)
      return
    }
    missing[column] += 1
    if rules.dropsTargets {
      isDropped = true
    } else {
      let kind = rules.missingKind(isTarget: true)
      problems.addMissing(
        text, text.isEmpty || kind != .target ? kind : .label, line: line, column: column)
    }
  }
}
