import Storage

extension CSVRows {
  /// Sentences about the rows that were read.
  var notes: [String] {
    let table = rules.table
    var notes: [String] = []
    if kept < table.rows {
      notes.append(
        // Where inputs are filled, only targets can be missing.
        "\(rowsOf(table.rows - kept)) \(rules.policy.isFilled ? "no target" : "a missing value") and "
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

  private func rowsOf(_ count: Int) -> String {
    "\(count) of \(counted(rules.table.rows, "row")) \(count == 1 ? "has" : "have")"
  }

  private func left(_ count: Int) -> String { count == 1 ? "is" : "are" }
}
