/// How far a table is on its way to a file of numbers.
package struct TableConversion: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    /// The share of its rows that is written, 0 to 1.
    case underWay(share: Double)
    /// The file is there, with so many bytes.
    case done(bytes: Int)
    /// It comes to nothing; why is said elsewhere.
    case failed
  }

  /// The file with the text.
  package let table: String
  /// The file with the numbers.
  package let file: String
  /// Rows of the table.
  package let rows: Int
  package let state: State

  package init(table: String, file: String, rows: Int, state: State) {
    (self.table, self.file, self.rows, self.state) = (table, file, rows, state)
  }
}

/// Where tables are converted to files of numbers, and who is told of it.
package struct TableConversions: Sendable, Equatable {
  package let folder: String
  let tell: @Sendable (TableConversion) -> Void

  package init(
    in folder: String, tell: @escaping @Sendable (TableConversion) -> Void = { _ in }
  ) {
    self.folder = folder
    self.tell = tell
  }

  /// Whether tables come to the same folder, whoever is told.
  package static func == (a: TableConversions, b: TableConversions) -> Bool {
    a.folder == b.folder
  }
}
