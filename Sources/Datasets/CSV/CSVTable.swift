import Storage

/// A CSV text that was walked once: every row has the same number of fields, and rows and columns
/// are known before anything is allocated by their numbers.
struct CSVTable {
  let file: String
  /// Number of columns, at least one.
  let columns: Int
  /// Number of rows of data, at least one.
  let rows: Int
  /// The names in the header, nil without one.
  let names: [String]?
  /// Whether the first row is data only because one of its fields is a number.
  let headerIsUncertain: Bool
  /// Stands at the first row of data.
  let start: CSVScanner

  /// Walks the text once.
  /// - Parameter wantsNames: whether a column is selected by name, which needs a header.
  /// - Throws: `DatasetError`.
  init(
    _ bytes: [UInt8], file: String, format: CSVFormat, wantsNames: Bool
  ) throws(DatasetError) {
    guard !bytes.starts(with: [0xff, 0xfe]), !bytes.starts(with: [0xfe, 0xff]) else {
      throw .notUTF8(file, row: 1)
    }
    var scanner = CSVScanner(bytes, delimiter: (format.delimiter ?? .comma).byte)
    let first = scanner
    guard !scanner.isAtEnd else { throw .file(file, .noRows) }
    var isNames = true
    columns = try Self.passRow(&scanner, file: file) { field in
      switch first.number(field) {
      case .number, .notFinite: isNames = false
      case .missing, .text: break
      }
    }
    let hasHeader = format.header ?? (wantsNames || isNames)
    names = hasHeader ? try Self.names(first, file: file) : nil
    start = hasHeader ? scanner : first
    headerIsUncertain = format.header == nil && !hasHeader

    var rows = hasHeader ? 0 : 1
    while !scanner.isAtEnd {
      let row = scanner.row
      let fields = try Self.passRow(&scanner, file: file) { _ in }
      guard fields == columns else {
        throw .at(
          file, row: row,
          "there \(fields == 1 ? "is 1 field" : "are \(fields) fields") where the first row has "
            + "\(columns); correct the row, or check the delimiter")
      }
      rows += 1
    }
    guard rows > 0 else { throw .file(file, .noRows) }
    self.rows = rows
    self.file = file
  }

  /// The column of an index, with its name.
  func column(_ index: Int) -> DataColumn { DataColumn(index: index, name: names?[index]) }

  /// The indices of the selected columns.
  /// - Throws: `DatasetError` for a column that is not there, not unique or selected twice.
  func indices(of selectors: [ColumnSelector]) throws(DatasetError) -> [Int] {
    var indices: [Int] = []
    for selector in selectors {
      let index = try index(of: selector)
      guard !indices.contains(index) else {
        throw .at(file, "\(column(index)) is selected twice; name each column once")
      }
      indices.append(index)
    }
    return indices
  }

  private func index(of selector: ColumnSelector) throws(DatasetError) -> Int {
    switch selector {
    case .last: return columns - 1
    case .index(let index):
      guard index >= 0, index < columns else {
        throw .at(
          file,
          "there is no column \(index); choose an index from 0 to \(columns - 1), or last")
      }
      return index
    case .name(let name):
      guard let names else {
        throw .at(
          file,
          "the column \(excerpt(name)) is selected by name in a file without a header; select it by "
            + "its index, counted from 0")
      }
      guard let index = names.firstIndex(of: name) else {
        let nearest = nearestWord(to: name, among: names).map { "did you mean \(excerpt($0))?" }
        throw .at(
          file,
          "there is no column \(excerpt(name)); \(nearest ?? "check the names in the first row")")
      }
      guard names.lastIndex(of: name) == index else {
        throw .at(
          file,
          "several columns are named \(excerpt(name)); select one by its index, counted from 0")
      }
      return index
    }
  }

  /// Passes one row and returns its number of fields.
  private static func passRow(
    _ scanner: inout CSVScanner, file: String, _ body: (CSVScanner.Field) -> Void
  ) throws(DatasetError) -> Int {
    var fields = 0
    while true {
      let field = try scanner.next(file: file)
      body(field)
      fields += 1
      if field.endsRow { return fields }
    }
  }

  private static func names(
    _ start: CSVScanner, file: String
  ) throws(DatasetError) -> [String] {
    var scanner = start
    var names: [String] = []
    while true {
      let field = try scanner.next(file: file)
      guard let name = scanner.text(field) else { throw .notUTF8(file, row: 1) }
      names.append(name)
      if field.endsRow { return names }
    }
  }
}

extension DatasetError {
  /// Bytes that are no text.
  package static func notUTF8(_ file: String, row: Int) -> DatasetError {
    .at(file, row: row, "the text is not UTF-8; save the file in that encoding")
  }
}
