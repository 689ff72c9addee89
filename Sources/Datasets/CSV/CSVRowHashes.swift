/// Hashes of the rows of a table as they are read.
struct CSVRowHashes {
  /// Of each row: of its fields as they stand, but for columns that are left out.
  private(set) var rows: [UInt64] = []
  /// Of each row: of its field in the key's column; empty where there is no key.
  private(set) var keys: [UInt64] = []

  private let key: Int?
  /// Of each column: what it is told apart by, its name or where it stands; nil where it counts as nothing.
  private let columns: [UInt64?]
  private var row = RowHash()
  private var rowKey: UInt64 = 0

  /// - Parameter key: the column that rows of one side have in common; nil for none.
  /// - Throws: `DatasetError` where there is no such column, or where it is the target.
  init(_ table: CSVTable, _ plan: ColumnPlan, key: ColumnSelector?) throws(DatasetError) {
    columns = plan.roles.enumerated().map { column, role in
      role.isIgnored ? nil : RowHash.key(table.names?[column] ?? "\(column)")
    }
    guard let key else {
      self.key = nil
      return
    }
    self.key = try DataSetting.splitColumn.selecting { () throws(DatasetError) in
      let column = try table.indices(of: [key])[0]
      guard !plan.targets.contains(column) else {
        throw .at(
          table.file,
          "\(table.column(column)) is the target, so each part would have classes or values of its own; choose a "
            + "column that says which rows belong together")
      }
      return column
    }
  }

  /// Adds `field`, which `scanner` has found in `column`.
  ///
  /// - Returns: whether it can be: an empty key says of no row where it belongs.
  mutating func add(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, column: Int
  ) -> Bool {
    if let name = columns[column] { row.add(scanner.hash(of: field), at: name) }
    guard column == key else { return true }
    let text = scanner.text(field) ?? ""
    rowKey = RowHash.key(text)
    return !text.isEmpty
  }

  /// Adds the `count` fields from `place` on in the window of `scanner`, which has passed them: numbers without blanks
  /// or quotes, the first of them in `column`.
  mutating func add(numbers count: Int, _ scanner: CSVScanner, from place: Int, column: Int) {
    let text = scanner.bytes.span
    var i = place
    for column in column..<(column + count) {
      var hash = RowHash.start
      while text[i] != scanner.delimiter, !CSVScanner.endsLine(text[i]) {
        hash = RowHash.adding(text[i], to: hash)
        i += 1
      }
      i += 1
      if let name = columns[column] { row.add(hash, at: name) }
      // The bytes are the text.
      if column == key { rowKey = hash }
    }
  }

  /// Adds the hashes of rows behind these.
  mutating func add(_ later: CSVRowHashes) {
    rows += later.rows
    keys += later.keys
  }

  /// Ends a row.
  mutating func endRow(isKept: Bool) {
    if isKept {
      rows.append(row.value)
      if key != nil { keys.append(rowKey) }
    }
    row = RowHash()
  }
}
