import Storage

extension CSVTable {
  /// The first walk over a text: counts rows and fields.
  struct Walk {
    let file: String
    private(set) var columns: Int
    private(set) var names: [String]?
    private(set) var rows = 0
    private(set) var ragged: Set<Int> = []
    private(set) var problems: ProblemList
    /// Where the rows of data can be read apart.
    private(set) var sections = CSVSections()
    /// Whether every line ends with a delimiter, behind which there is no column.
    private(set) var hasEmptyEnd = false
    /// Rows of data with one field more than the first row, which is empty.
    private var longer = 0
    /// Rows with one field more, whatever is in it.
    private var oneMore = 0

    /// Passes the header, where there is one; else only counts its fields.
    init(_ scanner: inout CSVScanner, file: String, hasHeader: Bool) throws(DatasetError) {
      self.file = file
      problems = ProblemList(file: file)
      columns = 0
      var texts: [String] = []
      while true {
        let line = scanner.line
        let field = try scanner.next(file: file)
        columns += 1
        if hasHeader {
          guard let name = scanner.text(field) else { throw .notUTF8(file, line: line) }
          texts.append(name)
        }
        if field.endsRow { break }
      }
      names = hasHeader ? texts : nil
    }

    /// Passes all rows of data.
    mutating func go(_ scanner: inout CSVScanner, file: String) throws(DatasetError) {
      var isEndEmpty = columns > 1 && names?.last.map(\.isEmpty) ?? true
      while !scanner.isAtEnd {
        let line = scanner.line
        sections.rowBegins(at: scanner.place, line: line, behind: rows)
        let row: CSVScanner.Row
        if let plain = scanner.nextPlainRow() {
          row = plain
        } else {
          row = try scanner.nextRow(file: file)
        }
        let fields = row.fields
        if fields == columns {
          if !row.isLastEmpty { isEndEmpty = false }
          rows += 1
        } else if fields == columns + 1, row.isLastEmpty {
          longer += 1
          rows += 1
        } else {
          if fields == columns + 1 { oneMore += 1 }
          ragged.insert(line)
          let (file, columns) = (file, columns)
          problems.add(
            .at(
              file, line: line,
              "there \(fields == 1 ? "is 1 field" : "are \(fields) fields") where the first row has "
                + "\(columns); correct the row, or check the delimiter"))
        }
      }
      sections.end(at: scanner.place, behind: rows)
      hasEmptyEnd = rows > 0 && (longer == rows || isEndEmpty && longer == 0)
      if hasEmptyEnd, longer == 0 {
        columns -= 1
        names?.removeLast()
      }
    }

    /// The one thing that is wrong where (nearly) all rows are; `fitting` is the delimiter that would be
    /// found, where another one is stated.
    func refusal(
      _ words: SettingWords, _ delimiter: CSVFormat.Delimiter, fitting: CSVFormat.Delimiter?
    ) -> DatasetError? {
      let what = fitting == nil ? "the delimiter found is" : "the delimiter is"
      let isFitting = fitting == nil || fitting == delimiter
      if isFitting, names != nil, rows == 0, oneMore > 0, oneMore == ragged.count {
        return .at(
          file,
          "every row has \(columns + 1) fields, and the first line has \(columns) names; name the "
            + "first column as well (R leaves out the name of its row names), or remove what stands "
            + "behind the last one")
      }
      guard ragged.count > rows, ragged.count > 1 else { return nil }
      var advice = "write \(words.delimiter) if it is another one"
      if let fitting, fitting != delimiter {
        advice = "and \(fitting.shown) fits: write \(words.delimiter(fitting))"
      }
      let fields = "\(counted(columns, "field"))"
      return .at(
        file,
        "\(ragged.count) of \(rows + ragged.count) rows do not have the \(fields) of the first line; "
          + "\(what) \(delimiter.shown), \(advice)")
    }
  }
}
