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

  /// The inputs of all rows.
  package let source: SampleInputs
  package let targets: Targets
  /// The rows that belong to this set, in order.
  package let indices: [Int32]
  /// The values of the targets [rows, outputs], row-major, where float32 loses so many of them that
  /// networks are measured by these; nil elsewhere. Training goes by `targets`.
  package let exactTargets: [Double]?
  /// How trainings go through them; nil where all are shuffled.
  package var blocks: BlockOrder?

  package init(
    _ source: SampleInputs, targets: Targets, indices: [Int32], exactTargets: [Double]? = nil
  ) {
    let rows = source.rows
    precondition(indices.allSatisfy { $0 >= 0 && $0 < rows }, "indices are rows of the data")
    switch targets {
    case .labels(let labels): precondition(labels.count == rows, "a label for every row")
    case .values(let values):
      precondition(values.rows == rows, "targets for every row")
      precondition((exactTargets?.count ?? values.count) == values.count, "the same targets")
    }
    self.exactTargets = exactTargets
    self.source = source
    self.targets = targets
    self.indices = indices
  }

  /// Rows that are in memory.
  package init(
    inputs: Matrix, targets: Targets, indices: [Int32], exactTargets: [Double]? = nil
  ) {
    self.init(
      .resident(inputs), targets: targets, indices: indices, exactTargets: exactTargets)
  }

  /// All rows in their order.
  package init(inputs: Matrix, targets: Targets) {
    self.init(inputs: inputs, targets: targets, indices: (0..<Int32(inputs.rows)).map { $0 })
  }

  package var count: Int { indices.count }

  /// All rows, sample-major [rows, features]; only of samples that are in memory.
  package var inputs: Matrix {
    guard case .resident(let matrix) = source else {
      preconditionFailure("samples are brought into memory before all of them are looked at")
    }
    return matrix
  }

  /// These samples in memory: the same where they are, else a copy of them alone, in their order.
  package func inMemory(_ pool: WorkerPool? = nil) -> SampleSet {
    guard case .stored(let stored) = source else { return self }
    var inputs = Matrix(rows: count, columns: stored.columns)
    stored.read(
      indices[...], into: &inputs, at: 0, pool: pool ?? WorkerPool(threadCount: 1))
    return replacingInputs(inputs)
  }

  /// The targets of these samples, in their order, with other inputs [samples, features].
  package func replacingInputs(_ inputs: Matrix) -> SampleSet {
    precondition(inputs.rows == count, "a row for every sample")
    let targets: Targets
    var exact: [Double]?
    switch self.targets {
    case .labels(let labels): targets = .labels(indices.map { labels[Int($0)] })
    case .values(let values):
      let width = values.columns
      var own = Matrix(rows: count, columns: width)
      for (place, row) in indices.enumerated() {
        for output in 0..<width { own[place, output] = values[Int(row), output] }
      }
      targets = .values(own)
      exact = exactTargets.map { all in
        indices.flatMap { all[(Int($0) * width)..<((Int($0) + 1) * width)] }
      }
    }
    var result = SampleSet(
      inputs: inputs, targets: targets, indices: (0..<Int32(count)).map { $0 },
      exactTargets: exact)
    result.blocks = blocks
    return result
  }

  /// The same samples with their inputs elsewhere.
  package func reading(_ source: SampleInputs) -> SampleSet {
    var result = SampleSet(
      source, targets: targets, indices: indices, exactTargets: exactTargets)
    result.blocks = blocks
    return result
  }

  /// What a training has in memory at once that takes `batch` of these samples a step; nil where all of them are there.
  package func window(batch: Int) -> ReadWindow? {
    guard case .stored(let stored) = source else { return nil }
    return ReadWindow(of: count, columns: stored.columns, batch: batch, blocks: blocks)
  }

  /// The samples in the rows `indices` of the data.
  package func keeping(_ indices: [Int32]) -> SampleSet {
    var result = SampleSet(source, targets: targets, indices: indices, exactTargets: exactTargets)
    result.blocks = blocks
    return result
  }

  /// Whether all rows are in memory.
  var isResident: Bool { if case .resident = source { true } else { false } }

  /// What went wrong where rows were read while something was computed from them; nil for nothing.
  package var failure: (any Error)? {
    if case .stored(let stored) = source { stored.failure } else { nil }
  }

  /// Makes sure that all rows could be read that were asked for.
  ///
  /// - Throws: what reading them throws.
  package func demandRead() throws { if let failure { throw failure } }

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
