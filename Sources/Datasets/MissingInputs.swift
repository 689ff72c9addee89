import NeuralNetworks

/// Inputs of rows that are missing, until what stands for them is known.
package struct MissingInputs: Sendable, Equatable {
  private var rows: [Int32] = []
  private var inputs: [Int32] = []

  package init() {}

  /// Whether none is.
  package var isEmpty: Bool { rows.isEmpty }

  /// Adds one; rows come in order.
  mutating func add(row: Int, input: Int) {
    rows.append(Int32(row))
    inputs.append(Int32(input))
  }

  /// The rows in which each of `count` inputs is missing, in order.
  func rowsByInput(_ count: Int) -> [[Int32]] {
    var result = [[Int32]](repeating: [], count: count)
    for (row, input) in zip(rows, inputs) { result[Int(input)].append(row) }
    return result
  }
}

extension Dataset {
  /// Puts the mean or median of the training rows in the place of missing numbers, and into the interface.
  ///
  /// The mean is a sum in float64 in the order of the rows; of an even number of values, the median is
  /// the mean of the two in the middle.
  /// - Parameter rows: those of the training part.
  /// - Throws: `DatasetError` for a column that has no value in the training part.
  mutating func fill(_ missing: ColumnSettings.Missing, from rows: [Int32]) throws(DatasetError) {
    guard missing.isFilled, var interface else { return }
    let holes = holes.rowsByInput(inputs.columns)
    var fills: [(input: Int, value: Double, rows: [Int32])] = []
    var next = 0
    for (index, input) in interface.inputs.enumerated() {
      defer { next += input.width }
      guard case .number(fill: nil) = input.kind else { continue }
      let values = values(of: next, in: rows, without: holes[next])
      guard !values.isEmpty else {
        let column = DataColumn(index: input.position, name: input.name)
        throw .at(
          source,
          "\(column) has no value in the training part, so nothing can stand for one that is missing; "
            + "write \(SettingWords.schedule.ignoring([column])) to leave it out")
      }
      let fill = missing == .mean ? Self.mean(values) : Self.median(values)
      interface.inputs[index] = ModelInterface.Input(
        name: input.name, position: input.position, kind: .number(fill: fill))
      if !holes[next].isEmpty { fills.append((next, fill, holes[next])) }
    }
    inputs.replace(fills)
    self.interface = interface
    self.holes = MissingInputs()
  }

  private func values(of input: Int, in rows: [Int32], without holes: [Int32]) -> [Double] {
    var holes = holes[...]
    var values: [Double] = []
    values.reserveCapacity(rows.count)
    for row in rows {
      while let first = holes.first, first < row { holes.removeFirst() }
      if holes.first != row { values.append(inputs[Int(row), input]) }
    }
    return values
  }

  private static func mean(_ values: [Double]) -> Double {
    // Of halves where the sum would be infinite.
    let sum = values.reduce(0, +)
    return sum.isFinite
      ? sum / Double(values.count) : values.reduce(0) { $0 + $1 / Double(values.count) }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1
      ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
  }
}
