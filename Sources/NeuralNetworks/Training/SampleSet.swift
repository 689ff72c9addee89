import NumericCore

/// Samples to train or measure on: some rows of a data set, which is shared and never copied.
package struct SampleSet: Sendable {
  /// What the outputs should be, one a row of the data set.
  package enum Targets: Sendable {
    /// Class numbers, 0..<classes.
    case labels([Int32])
    /// Values [rows, outputs].
    case values(Matrix)
  }

  /// All rows, sample-major [rows, features].
  package let inputs: Matrix
  package let targets: Targets
  /// The rows that belong to this set, in order.
  package let indices: [Int32]
  /// The values of the targets [rows, outputs], row-major, where float32 loses so many of them that
  /// networks are measured by these; nil elsewhere. Training goes by `targets`.
  package let exactTargets: [Double]?

  package init(
    inputs: Matrix, targets: Targets, indices: [Int32], exactTargets: [Double]? = nil
  ) {
    precondition(indices.allSatisfy { $0 >= 0 && $0 < inputs.rows }, "indices are rows of the data")
    switch targets {
    case .labels(let labels): precondition(labels.count == inputs.rows, "a label for every row")
    case .values(let values):
      precondition(values.rows == inputs.rows, "targets for every row")
      precondition((exactTargets?.count ?? values.count) == values.count, "the same targets")
    }
    self.exactTargets = exactTargets
    self.inputs = inputs
    self.targets = targets
    self.indices = indices
  }

  /// All rows in their order.
  package init(inputs: Matrix, targets: Targets) {
    self.init(inputs: inputs, targets: targets, indices: (0..<Int32(inputs.rows)).map { $0 })
  }

  package var count: Int { indices.count }

  /// What output `output` of `row`, a row of the data, should be, as exactly as it is known; of targets that
  /// are values.
  package func value(of row: Int32, _ output: Int) -> Double {
    guard case .values(let values) = targets else {
      preconditionFailure("classes have no values")
    }
    if let exactTargets { return exactTargets[Int(row) * values.columns + output] }
    return Double(values[Int(row), output])
  }
}
