/// Which columns of a table are inputs, and what becomes of text and of missing values in them.
package struct ColumnSettings: Sendable, Equatable {
  /// What becomes of a missing value.
  package enum Missing: String, Sendable, CaseIterable {
    /// It is a problem.
    case error
    /// Its row is left out.
    case drop
    /// The mean of its column in the training part stands for it.
    case mean
    /// The median of its column in the training part stands for it.
    case median

    /// Whether another number stands for it.
    package var isFilled: Bool {
      switch self {
      case .error, .drop: false
      case .mean, .median: true
      }
    }
  }

  /// What becomes of a text that the training source does not have.
  package enum UnknownLevel: String, Sendable, CaseIterable {
    /// It is a problem.
    case error
    /// All inputs of its column are 0.
    case zeros
  }

  /// The inputs, in this order, by names, patterns or indices; nil for all columns that are left.
  package let inputs: [ColumnSelector]?
  /// Columns that are left out.
  package let ignored: [ColumnSelector]
  /// How text is taken as levels, one input a level; nil where text is a problem.
  package let oneHot: UnknownLevel?
  package let missing: Missing
  /// Whether a row without a target is left out where missing inputs are filled.
  package let dropsTargets: Bool
  /// The texts that stand for a missing value, in place of the usual ones; nil for these, or for those of
  /// the model that rows are read for.
  package let markers: [String]?

  package init(
    inputs: [ColumnSelector]? = nil, ignored: [ColumnSelector] = [], oneHot: UnknownLevel? = nil,
    missing: Missing = .error, dropsTargets: Bool = false, markers: [String]? = nil
  ) {
    self.markers = markers
    self.inputs = inputs
    self.ignored = ignored
    self.oneHot = oneHot
    self.missing = missing
    self.dropsTargets = dropsTargets
  }
}
