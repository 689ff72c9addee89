/// What stands in the columns of a CSV file of which nothing has been said.
package struct TableSurvey: Sendable {
  package let file: String
  package let delimiter: CSVFormat.Delimiter
  package let decimal: CSVFormat.DecimalSign
  /// Whether the first line has names.
  package let header: Bool
  /// Rows of data; where not all were looked at, about so many.
  package private(set) var rows: Int
  /// Rows that were looked at, where these are not all: those that columns tell of.
  package private(set) var sampledRows: Int?
  package let columns: [ColumnSurvey]

  /// Walks over the file at `path` with a decimal point and, where its numbers have commas, once more. Of a large
  /// file it looks at rows from all over it.
  ///
  /// - Throws: `DatasetError`, in particular for rows of another number of fields.
  package init(
    _ path: String, limit: Int = DataFile.defaultLimit, sampling: RowSample.Extent = .standard
  ) throws(DatasetError) {
    let bytes = try DataFile.read(path, limit: limit)
    // What is wrong is said of the whole file, in which lines have other numbers.
    if let sample = RowSample(bytes, sampling),
      var survey = try? TableSurvey(sample.bytes, file: path, blocks: sample.starts)
    {
      let share = Double(sample.bytes.count) / Double(bytes.count)
      survey.sampledRows = survey.rows
      survey.rows = Int((Double(survey.rows) / share).rounded())
      self = survey
    } else {
      self = try TableSurvey(bytes, file: path, blocks: [])
    }
  }

  /// - Parameter blocks: where rows begin that do not follow the ones before.
  private init(_ bytes: [UInt8], file: String, blocks: [Int]) throws(DatasetError) {
    let survey = try TableSurvey(bytes, file: file, decimal: .point, blocks: blocks)
    self =
      survey.hasOtherSign
      ? try TableSurvey(bytes, file: file, decimal: .comma, blocks: blocks) : survey
  }

  private init(
    _ bytes: [UInt8], file: String, decimal: CSVFormat.DecimalSign, blocks: [Int]
  ) throws(DatasetError) {
    let format = CSVFormat(decimal: decimal == .point ? nil : decimal)
    let table = try CSVTable(
      .memory(bytes), file: file,
      TableRequest(format: format, context: ReadingContext(words: .schedule)))
    try table.problems.throwIfAny()
    self.file = file
    self.decimal = decimal
    (delimiter, header, rows) = (table.delimiter, table.names != nil, table.rows)
    var columns = (0..<table.columns).map { ColumnSurvey(table.column($0), rows: table.rows) }
    var scanner = table.start
    var blocks = blocks[...]
    while !scanner.isAtEnd {
      if let next = blocks.first, scanner.position >= next {
        blocks.removeFirst()
        for column in columns.indices { columns[column].skipRows() }
      }
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
