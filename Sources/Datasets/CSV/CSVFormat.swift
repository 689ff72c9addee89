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

    /// Its name in settings.
    package var word: String {
      switch self {
      case .comma: "comma"
      case .semicolon: "semicolon"
      case .tab: "tab"
      case .bar: "bar"
      }
    }

    /// As a message shows it.
    package var shown: String { self == .tab ? "a tab" : rawValue }
  }

  /// What stands between the whole and the fraction of a number.
  package enum DecimalSign: String, Sendable, CaseIterable {
    case point = "."
    case comma = ","

    /// The one byte of it; asked for every field, so without the text.
    var byte: UInt8 {
      switch self {
      case .point: 0x2e
      case .comma: 0x2c
      }
    }

    /// Its name in settings.
    package var word: String {
      switch self {
      case .point: "point"
      case .comma: "comma"
      }
    }

    /// The one that this is not.
    var other: DecimalSign {
      switch self {
      case .point: .comma
      case .comma: .point
      }
    }
  }

  /// Nil: it is found out from the first lines.
  package let delimiter: Delimiter?
  /// Whether the first row holds the names of the columns.
  ///
  /// Nil: it does if a column is selected by name, if no field of it is a number, or if it counts
  /// 0, 1, 2, … as pandas names columns.
  package let header: Bool?
  /// Nil: that of the model that the rows are read for, else the point.
  package let decimal: DecimalSign?

  package init(
    delimiter: Delimiter? = nil, header: Bool? = nil, decimal: DecimalSign? = nil
  ) {
    self.delimiter = delimiter
    self.header = header
    self.decimal = decimal
  }
}

/// Which column of a file is meant.
package enum ColumnSelector: Sendable, Equatable {
  case last
  /// Counted from 0.
  case index(Int)
  /// Where inputs are chosen or left out, also a pattern: `*` stands for any characters, `?` for one.
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
