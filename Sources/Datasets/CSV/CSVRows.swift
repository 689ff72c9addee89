import NumericCore

/// The second walk over a CSV text: fills inputs and targets.
struct CSVRows {
  /// [rows, inputs].
  private(set) var inputs: DataMatrixBuilder
  /// [rows, targets]; no columns unless the task is regression.
  private(set) var values: DataMatrixBuilder
  /// The label of each row; nil unless the task is classification.
  private(set) var classes: ClassTable?
  /// Names of the input columns, where the file has them.
  let inputNames: [String]?
  /// Where the input columns stand.
  let inputColumns: [Int]

  /// What becomes of a column.
  private enum Role {
    case input(Int)
    case value(Int)
    case label
    case ignored
  }

  private let table: CSVTable
  private let roles: [Role]

  /// Room for all rows.
  /// - Parameters:
  ///   - targets: the columns that are no inputs, in the order the targets shall have.
  ///   - task: what the targets are; nil to ignore them.
  ///   - inputs: the columns of the inputs, in their order; nil for all others.
  /// - Throws: `DatasetError` if no input column is left.
  init(
    _ table: CSVTable, targets: [Int], task: LearningTask?, inputs chosen: [Int]? = nil
  ) throws(DatasetError) {
    var roles: [Role?] = Array(repeating: nil, count: table.columns)
    for (i, column) in targets.enumerated() {
      switch task {
      case .classification: roles[column] = .label
      case .regression: roles[column] = .value(i)
      case nil: roles[column] = .ignored
      }
    }
    var inputColumns: [Int] = []
    for column in chosen ?? Array(roles.indices) where roles[column] == nil {
      roles[column] = .input(inputColumns.count)
      inputColumns.append(column)
    }
    guard !inputColumns.isEmpty else { throw .file(table.file, .noInputColumns) }
    self.table = table
    self.roles = roles.map { $0 ?? .ignored }
    self.inputColumns = inputColumns
    inputNames = table.names.map { names in inputColumns.map { names[$0] } }
    inputs = DataMatrixBuilder(rows: table.rows, columns: inputColumns.count)
    values = DataMatrixBuilder(rows: table.rows, columns: task == .regression ? targets.count : 0)
    classes = task == .classification ? ClassTable(rows: table.rows) : nil
  }

  /// Reads all rows.
  /// - Throws: `DatasetError` for the first field that is not what its column needs.
  mutating func read() throws(DatasetError) {
    var scanner = table.start
    var rowInputs = [Double](repeating: 0, count: inputs.columns)
    var rowValues = [Double](repeating: 0, count: values.columns)
    for row in 0..<table.rows {
      let number = scanner.row
      for column in roles.indices {
        let field = try scanner.next(file: table.file)
        switch roles[column] {
        case .input(let i):
          guard case .number(let value) = scanner.number(field) else {
            throw problem(field, scanner, row: number, column: column)
          }
          rowInputs[i] = value
        case .value(let i):
          guard case .number(let value) = scanner.number(field) else {
            throw problem(field, scanner, row: number, column: column)
          }
          rowValues[i] = value
        case .label:
          let label = try label(field, scanner, row: number, column: column)
          try classes?.append(label, row: number, file: table.file)
        case .ignored: break
        }
      }
      inputs.store(rowInputs, at: row * rowInputs.count)
      values.store(rowValues, at: row * rowValues.count)
    }
  }

  /// Why a field is not the number that its column needs.
  private func problem(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, row: Int, column: Int
  ) -> DatasetError {
    guard let text = scanner.text(field) else { return .notUTF8(table.file, row: row) }
    let problem: DatasetError.ValueProblem =
      switch scanner.number(field) {
      case .missing: .missing
      case .notFinite: .notFinite(text: text)
      case .number, .text:
        .notNumeric(text: text, firstRow: row == 1 && table.headerIsUncertain)
      }
    return .value(table.file, row: row, column: table.column(column), problem)
  }

  /// The label in a field. Words for a missing value other than `NA` may be classes.
  private func label(
    _ field: CSVScanner.Field, _ scanner: CSVScanner, row: Int, column: Int
  ) throws(DatasetError) -> String {
    guard let text = scanner.text(field) else { throw .notUTF8(table.file, row: row) }
    guard !["", "NA", "N/A", "?"].contains(text) else {
      throw .value(table.file, row: row, column: table.column(column), .missing)
    }
    return text
  }
}
