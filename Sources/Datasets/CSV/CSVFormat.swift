/// How the text of a CSV file is laid out.
package struct CSVFormat: Sendable, Equatable {
  /// What stands between two fields.
  package enum Delimiter: String, Sendable, CaseIterable {
    case comma = ","
    case semicolon = ";"
    case tab = "\t"
    case bar = "|"

    /// The one byte of it.
    var byte: UInt8 { rawValue.utf8.first! }
  }

  /// Nil: that of the model that the rows are read for, else the comma.
  package let delimiter: Delimiter?
  /// Whether the first row holds the names of the columns.
  ///
  /// Nil: it does if a column is selected by name, or if no field of it is a number. A row of data
  /// has at least one number, so none is ever taken for a header.
  package let header: Bool?

  package init(delimiter: Delimiter? = nil, header: Bool? = nil) {
    self.delimiter = delimiter
    self.header = header
  }
}

/// Which column of a file is meant.
package enum ColumnSelector: Sendable, Equatable {
  case last
  /// Counted from 0.
  case index(Int)
  case name(String)

  /// Reads a selector as written in a schedule: `last`, decimal digits for an index, else a name.
  package init(_ text: String) {
    if text == "last" {
      self = .last
    } else if !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      let index = Int(text)
    {
      self = .index(index)
    } else {
      self = .name(text)
    }
  }
}
