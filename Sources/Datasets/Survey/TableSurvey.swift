/// What stands in the columns of a CSV file of which nothing has been said.
package struct TableSurvey: Sendable {
  package let file: String
  package let delimiter: CSVFormat.Delimiter
  package let decimal: CSVFormat.DecimalSign
  /// Whether the first line has names.
  package let header: Bool
  /// Rows of data.
  package let rows: Int
  package let columns: [ColumnSurvey]

  /// Walks over the file at `path` with a decimal point and, where its numbers have commas, once more.
  ///
  /// - Throws: `DatasetError`, in particular for rows of another number of fields.
  package init(_ path: String, limit: Int = DataFile.defaultLimit) throws(DatasetError) {
    let bytes = try DataFile.read(path, limit: limit)
    let survey = try TableSurvey(bytes, file: path, decimal: .point)
    self = survey.hasOtherSign ? try TableSurvey(bytes, file: path, decimal: .comma) : survey
  }

  private init(
    _ bytes: [UInt8], file: String, decimal: CSVFormat.DecimalSign
  ) throws(DatasetError) {
    let format = CSVFormat(decimal: decimal == .point ? nil : decimal)
    let table = try CSVTable(
      bytes, file: file,
      TableRequest(format: format, context: ReadingContext(words: .schedule)))
    try table.problems.throwIfAny()
    self.file = file
    self.decimal = decimal
    (delimiter, header, rows) = (table.delimiter, table.names != nil, table.rows)
    var columns = (0..<table.columns).map { ColumnSurvey(table.column($0), rows: table.rows) }
    var scanner = table.start
    while !scanner.isAtEnd {
      for column in columns.indices {
        let line = scanner.line
        let field = try scanner.next(file: file)
        guard let text = scanner.text(field) else { throw .notUTF8(file, line: line) }
        columns[column].add(text, scanner.number(field), decimal: decimal)
        // Behind the last column nothing stands but a delimiter.
        if column == columns.count - 1, !field.endsRow { _ = try scanner.next(file: file) }
      }
    }
    self.columns = columns
  }

  /// Whether some column has numbers with the other decimal sign, and no better reading: as a table with a
  /// decimal comma does.
  private var hasOtherSign: Bool {
    columns.contains { column in
      column.otherSigns * 2 > column.texts && column.otherSigns * 4 > rows - column.missing
        && column.grouped < column.otherSigns
    }
  }
}
