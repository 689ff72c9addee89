import NeuralNetworks

/// Inputs of rows that are missing, until what stands for them is known: a bit each, so that a table of little
/// else takes no more memory for them.
package struct MissingInputs: Sendable, Equatable {
  private let columns: Int
  /// Bit (r, c) lies at `r * columns + c`; none lies behind the last word.
  private var words: [UInt64] = []

  /// None yet, of rows of `columns` inputs.
  package init(columns: Int = 0) { self.columns = columns }

  /// Whether none is.
  package var isEmpty: Bool { words.isEmpty }

  /// Adds one.
  mutating func add(row: Int, input: Int) {
    let place = row * columns + input
    while words.count <= place >> 6 { words.append(0) }
    words[place >> 6] |= 1 << UInt64(place & 63)
  }

  /// Whether it is one.
  func contains(row: Int, input: Int) -> Bool {
    let place = row * columns + input
    return place >> 6 < words.count && words[place >> 6] >> UInt64(place & 63) & 1 == 1
  }

  /// The rows of `rows` in which `input` is missing, in order.
  func rows(of input: Int, among rows: Int) -> [Int32] {
    words.isEmpty
      ? [] : (0..<Int32(rows)).filter { contains(row: Int($0), input: input) }
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
    let holes = holes
    let count = self.rows
    var next = 0
    for (index, input) in interface.inputs.enumerated() {
      defer { next += input.width }
      guard case .number(fill: nil) = input.kind else { continue }
      let values = values(of: next, in: rows)
      guard !values.isEmpty else {
        let column = DataColumn(index: input.position, name: input.name)
        let words = SettingWords.schedule.having(
          ignored: interface.table?.ignored.isEmpty == false)
        throw .at(
          source,
          "\(column) has no value in the training part, so nothing can stand for one that is missing; "
            + "\(words.leavingOut([column])) to leave it out")
      }
      let fill = missing == .mean ? Self.mean(values) : Self.median(values)
      interface.inputs[index] = ModelInterface.Input(
        name: input.name, position: input.position, kind: .number(fill: fill))
      // One column after the other, so that their rows never lie in memory together.
      inputs.replace([(next, fill, holes.rows(of: next, among: count))])
    }
    self.interface = interface
    self.holes = MissingInputs()
  }

  private func values(of input: Int, in rows: [Int32]) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(rows.count)
    for row in rows where !holes.contains(row: Int(row), input: input) {
      values.append(inputs[Int(row), input])
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
