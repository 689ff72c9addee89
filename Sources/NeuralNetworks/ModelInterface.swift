import Engine

/// What a model knows of the data that it was made for, so that others are read in the same way.
///
/// Classes and scaling are the model state's own. Names are as the header has them; positions count
/// all columns of the table, from 0.
package struct ModelInterface: Sendable, Equatable {
  /// Most columns of inputs that a table may have, and that a file tells of: about 50 MB of memory, whatever
  /// it says.
  package static let mostColumns = 1 << 20

  /// A column of the data that becomes inputs of the network.
  package struct Input: Sendable, Equatable {
    /// What the fields of a column are.
    package enum Kind: Sendable, Equatable {
      /// Numbers, one input. `fill` stands for a missing value; where it is nil, a missing value is an
      /// error.
      case number(fill: Double?)
      /// Text, one input a level, in this order: 1 for the level of a row, 0 elsewhere. Another text is
      /// an error, or all zeros.
      case category(levels: [String], unknownIsZero: Bool)
    }

    /// Nil where the data have no names.
    package let name: String?
    /// Where it stood.
    package let position: Int
    package let kind: Kind

    /// The inputs of the network that it becomes.
    package var width: Int {
      switch kind {
      case .number: 1
      case .category(let levels, _): levels.count
      }
    }

    package init(name: String?, position: Int, kind: Kind = .number(fill: nil)) {
      self.name = name
      self.position = position
      self.kind = kind
    }
  }

  /// A column that is no input.
  package struct Column: Sendable, Equatable {
    /// Nil where the data have no names.
    package let name: String?
    /// Where it stood.
    package let position: Int

    package init(name: String?, position: Int) {
      self.name = name
      self.position = position
    }
  }

  /// How the text of a table was laid out.
  package struct Table: Sendable, Equatable {
    /// One character.
    package let delimiter: String
    /// `.` or `,`.
    package let decimalSign: String
    /// Whether the first line had names.
    package let header: Bool
    /// Columns that were left out.
    package let ignored: [Column]

    package init(delimiter: String, decimalSign: String, header: Bool, ignored: [Column]) {
      self.delimiter = delimiter
      self.decimalSign = decimalSign
      self.header = header
      self.ignored = ignored
    }
  }

  /// In the order of the network's inputs.
  package var inputs: [Input]
  /// In the order of the network's outputs; the one label column of a classifier.
  package var targets: [Column]
  /// Nil for arrays.
  package var table: Table?
  /// What the network was trained to make small; nil where that is not known.
  package var loss: Loss?
  /// Whether rows with a missing value were left out.
  package var dropsMissing: Bool
  /// The texts that stood for a missing value, beside an empty field; nil for the usual ones.
  package var missingMarkers: [String]?

  package init(
    inputs: [Input], targets: [Column], table: Table? = nil, loss: Loss? = nil,
    dropsMissing: Bool = false, missingMarkers: [String]? = nil
  ) {
    self.dropsMissing = dropsMissing
    self.missingMarkers = missingMarkers
    self.inputs = inputs
    self.targets = targets
    self.table = table
    self.loss = loss
  }
}
