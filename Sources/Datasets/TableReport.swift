import NeuralNetworks

/// How a table was read, for a summary.
package struct TableReport: Sendable, Equatable {
  package let delimiter: CSVFormat.Delimiter
  package let decimal: CSVFormat.DecimalSign
  /// Whether the first line has names.
  package let header: Bool
  /// Columns of the file.
  package let columns: Int
  /// Rows of the file.
  package let rows: Int
  /// Missing values of each input column, in the order of the interface's inputs.
  package let missingInputs: [Int]
  /// Missing values of each target column.
  package let missingTargets: [Int]

  init(
    delimiter: CSVFormat.Delimiter, decimal: CSVFormat.DecimalSign, header: Bool, columns: Int,
    rows: Int, missingInputs: [Int], missingTargets: [Int]
  ) {
    (self.delimiter, self.decimal, self.header) = (delimiter, decimal, header)
    (self.columns, self.rows) = (columns, rows)
    (self.missingInputs, self.missingTargets) = (missingInputs, missingTargets)
  }

  init(_ table: CSVTable, _ plan: ColumnPlan, _ read: CSVRows) {
    delimiter = table.delimiter
    decimal = table.decimal
    header = table.names != nil
    columns = table.columns
    rows = table.rows
    missingInputs = plan.inputs.map { read.missing[$0.position] }
    missingTargets = plan.targets.map { read.missing[$0] }
  }
}
