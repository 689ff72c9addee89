import NeuralNetworks
import NumericCore

extension Dataset {
  /// Brings raw inputs, and raw values of targets, to the network's float32 units, and warns of the columns
  /// of which this loses values.
  ///
  /// - Parameter pool: its threads look for such columns.
  /// - Throws: `DatasetError`.
  package mutating func scale(
    inputs inputScaling: AffineScaling?, targets targetScaling: AffineScaling?,
    pool: WorkerPool = WorkerPool(threadCount: 1)
  ) throws(DatasetError) {
    warnings += try inputs.scaleNoting(
      inputScaling, file: source, names: featureNames, role: "input", key: "scale", pool: pool
    ) { [large, source] in large.error(in: source, row: $0, .input($1)) }
    guard case .values(var values) = targets else { return }
    // Lets go of the other reference, so that the change is in place.
    targets = .classes([], names: [])
    let raw = values
    let losses = try values.scaleNoting(
      targetScaling, file: source, names: interface?.targets.map(\.name), role: "target",
      key: "scale_targets", pool: pool
    ) { [large, source] in large.error(in: source, row: $0, .target($1)) }
    if !losses.isEmpty { exactTargets = raw.scaled(by: targetScaling) }
    warnings += losses
    targets = .values(values)
  }
}

extension InputRows {
  /// Brings raw inputs of `file` to the network's float32 units, and warns of the columns of which this loses
  /// values.
  /// - Throws: `DatasetError`.
  package mutating func scale(_ scaling: AffineScaling?, file: String) throws(DatasetError) {
    warnings += try inputs.scaleNoting(
      scaling, file: file, names: names, role: "input", key: "scale",
      pool: WorkerPool(threadCount: 1)
    ) { [large] in large.error(in: file, row: $0, .input($1)) }
  }
}

extension DataMatrix {
  /// All numbers, row-major, as float64 has them when they are scaled.
  fileprivate func scaled(by scaling: AffineScaling?) -> [Double] {
    guard let scaling else { return elements }
    return elements.enumerated().map { index, value in
      scaling.scaled(value, column: index % columns)
    }
  }

  /// Scales, and returns a sentence for each column of which this loses values.
  ///
  /// - Parameter written: what is wrong with the number of a row and a column, where it is known how it is written.
  fileprivate mutating func scaleNoting(
    _ scaling: AffineScaling?, file: String, names: [String?]?, role: String, key: String,
    pool: WorkerPool, written: (_ row: Int, _ column: Int) -> DatasetError?
  ) throws(DatasetError) -> [String] {
    let notes = ColumnPrecision.notes(
      self, scaling, file: file, names: names, role: role, key: key, pool: pool)
    try scale(by: scaling, file: file, names: names, written: written)
    return notes
  }
}
