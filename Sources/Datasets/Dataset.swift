import NeuralNetworks
import NumericCore
import Storage

/// Rows of inputs with what is to be learnt from each; every number is finite. As read, numbers are
/// raw; `DataRequest` and a stored model scale them.
package struct Dataset: Sendable, Equatable {
  /// What is to be learnt.
  package enum Targets: Sendable, Equatable {
    /// The class of each row, an index into `names`.
    case classes([Int32], names: [String])
    /// The numbers of each row, [rows, targets].
    case values(DataMatrix)

    /// Number of rows.
    package var rows: Int {
      switch self {
      case .classes(let labels, _): labels.count
      case .values(let values): values.rows
      }
    }

    /// Output units that a network needs: classes, or numbers a row.
    package var width: Int {
      switch self {
      case .classes(_, let names): names.count
      case .values(let values): values.columns
      }
    }

    /// The names of the classes, nil for regression.
    package var classNames: [String]? {
      if case .classes(_, let names) = self { names } else { nil }
    }
  }

  /// [rows, features].
  package var inputs: DataMatrix
  /// As many rows as the inputs have.
  package var targets: Targets
  /// Values of targets as scaled, row-major, before float32 took many of them for one; nil where it tells
  /// them apart well enough.
  package internal(set) var exactTargets: [Double]?
  /// Where the rows come from, for messages.
  package let source: String
  /// The names of the features, where the source has them.
  package let featureNames: [String]?
  /// Rows that belong together, so that a split sends them to one part: every so many of them, from
  /// the first. 1 where each row stands alone.
  package let rowsPerGroup: Int
  /// How these rows were read, for a model that is made from them; nil where there is nothing to know.
  package var interface: ModelInterface?
  /// Sentences about these data that the user should see once.
  package var notes: [String]
  /// Sentences about values that float32 loses, of which the user should be warned.
  package internal(set) var warnings: [String] = []
  /// How a table was read; nil for what is none.
  package var report: TableReport?
  /// Missing values of each input of arrays; empty for others, whose report has them.
  var missingInputs: [Int] = []
  /// The begin of the names of the files that a table was converted to; nil where it was not.
  package internal(set) var conversion: String?
  /// A hash of each row as it stands in its file; nil where nobody asked, or there is no text.
  package internal(set) var rowHashes: [UInt64]?
  /// A hash of the key that each row has for the split; nil where the split goes by none.
  var keyHashes: [UInt64]?
  /// Numbers of a table that float32 does not hold as they are written.
  var large: [LargeNumber] = []
  /// Inputs for which nothing stands yet.
  var holes = MissingInputs()

  /// - Precondition: as many targets as inputs, every label an index into the class names, as many
  ///   feature names as features, whole groups.
  package init(
    inputs: DataMatrix, targets: Targets, source: String, featureNames: [String]? = nil,
    rowsPerGroup: Int = 1, interface: ModelInterface? = nil, notes: [String] = []
  ) {
    precondition(rowsPerGroup > 0 && inputs.rows % rowsPerGroup == 0, "whole groups of rows")
    precondition(targets.rows == inputs.rows, "one target for each row of inputs")
    precondition((featureNames?.count ?? inputs.columns) == inputs.columns, "a name a feature")
    if case .classes(let labels, let names) = targets {
      let classes = Int32(names.count)
      precondition(labels.allSatisfy { $0 >= 0 && $0 < classes }, "a label is an index of a class")
    }
    self.inputs = inputs
    self.targets = targets
    self.source = source
    self.featureNames = featureNames
    self.rowsPerGroup = rowsPerGroup
    self.interface = interface
    self.notes = notes
  }

  /// What the user should see of these data.
  package var notices: [Notice] { notes.map(Notice.note) + warnings.map(Notice.warning) }

  /// Number of rows.
  package var rows: Int { inputs.rows }
}
