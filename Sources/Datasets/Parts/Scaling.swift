import NeuralNetworks
import NumericCore

/// How columns are brought to a common scale; always fitted on the training part alone.
package enum Scaling: String, Sendable, CaseIterable {
  /// Left as they are.
  case none
  /// Smallest value to 0, largest to 1.
  case unit
  /// Mean to 0, standard deviation (of the population) to 1.
  case standard
}

extension AffineScaling {
  /// The scale of `matrix` as seen in `rows` (at least one), nil for `Scaling.none`.
  ///
  /// A column that is constant in these rows, up to the roundings of float64, gets scale 1, so it
  /// becomes 0 there; one that reaches over nearly all of float64 is left as it is. Sums are in the order of `rows`.
  package init?(_ scaling: Scaling, fittedTo matrix: DataMatrix, rows: [Int32]) {
    if scaling == .none { return nil }
    let ranges = ColumnRange.ranges(of: matrix, rows: rows)
    let moments = scaling == .standard ? Self.moments(matrix, rows, ranges) : []
    var shift: [Double] = []
    var scale: [Double] = []
    for (column, range) in ranges.enumerated() {
      let (center, spread) =
        scaling == .standard ? moments[column] : (range.least, range.most - range.least)
      guard center.isFinite, spread.isFinite else {
        // The range of the column is beyond float64, and so are some of its values beyond float32: that is told when
        // these are rounded.
        shift.append(0)
        scale.append(1)
        continue
      }
      let isConstant = range.isConstant || !(1 / spread).isFinite
      shift.append(isConstant ? range.least : center)
      scale.append(isConstant ? 1 : 1 / spread)
    }
    self.init(shift: shift, scale: scale)
  }

  /// Scaled rows in original units: x = x' / scale + shift.
  package func undone(_ matrix: Matrix) -> DoubleMatrix {
    precondition(matrix.columns == shift.count, "a shift and a scale for each column")
    let columns = matrix.columns
    let elements = matrix.withSpan { span in
      span.indices.map { raw(Double(span[$0]), column: $0 % columns) }
    }
    return DoubleMatrix(rows: matrix.rows, columns: columns, elements)
  }

  /// Mean and standard deviation of each column, in two passes: of what the values exceed the least one
  /// by, in shares of the range, so that no offset takes digits and no unit over- or underflows.
  private static func moments(
    _ matrix: DataMatrix, _ rows: [Int32], _ ranges: [ColumnRange]
  ) -> [(shift: Double, spread: Double)] {
    let columns = matrix.columns
    let count = Double(rows.count)
    let origins = ranges.map(\.least)
    let units = ranges.map { $0.isConstant ? 1 : $0.most - $0.least }
    var means = [Double](repeating: 0, count: columns)
    var squares = means
    matrix.forEachRow(rows) { values in
      for column in 0..<columns {
        means[column] += (values[column] - origins[column]) / units[column]
      }
    }
    for column in 0..<columns { means[column] /= count }
    matrix.forEachRow(rows) { values in
      for column in 0..<columns {
        let share = (values[column] - origins[column]) / units[column] - means[column]
        squares[column] += share * share
      }
    }
    return (0..<columns).map { column in
      (
        origins[column] + means[column] * units[column],
        (squares[column] / count).squareRoot() * units[column]
      )
    }
  }
}

/// Smallest and largest value of a column.
struct ColumnRange: Equatable {
  private(set) var least = Double.infinity
  private(set) var most = -Double.infinity

  /// Whether all values are one, or so near that the roundings of float64 tell them apart.
  var isConstant: Bool { most - least <= 4 * max(abs(least), abs(most)).ulp }

  /// Takes in a value.
  mutating func add(_ value: Double) {
    if value < least { least = value }
    if value > most { most = value }
  }

  /// The range of each column as seen in `rows`.
  static func ranges(
    of matrix: DataMatrix, rows: some RandomAccessCollection<Int32>
  ) -> [ColumnRange] {
    if case .stored(let stored) = matrix, rows.count == stored.rows { return stored.ranges }
    var ranges = [ColumnRange](repeating: ColumnRange(), count: matrix.columns)
    matrix.forEachRow(rows) { values in
      for column in values.indices { ranges[column].add(values[column]) }
    }
    return ranges
  }
}

extension DataMatrix {
  /// Whether float32 holds each number, as far as the form shows it.
  var isNarrow: Bool {
    switch self {
    case .float32: true
    case .float64: false
    case .stored(let matrix): matrix.isNarrow
    }
  }

  /// Scales all rows in float64 and rounds them to float32.
  ///
  /// - Parameter written: what is wrong with the number of a row and a column, where it is known how it is written.
  /// - Throws: `DatasetError` for a value that float32 does not hold then.
  mutating func scale(
    by scaling: AffineScaling?, file: String, names: [String?]? = nil,
    written: (_ row: Int, _ column: Int) -> DatasetError? = { _, _ in nil }
  ) throws(DatasetError) {
    let columns = columns
    precondition(
      scaling?.shift.count ?? columns == columns, "a shift and a scale for each column")
    let shift = scaling?.shift ?? Array(repeating: 0, count: columns)
    let scale = scaling?.scale ?? Array(repeating: 1, count: columns)
    // The first element that float32 does not hold.
    var overflow: Int?
    func scaled(_ value: Double, _ column: Int, _ place: Int) -> Float {
      let result = Float((value - shift[column]) * scale[column])
      if !result.isFinite, overflow == nil { overflow = place }
      return result
    }
    switch self {
    case .stored(let matrix):
      let scaled = matrix.scaled(by: scaling)
      (self, overflow) = (.stored(scaled.matrix), scaled.overflow)
      if let problem { throw problem }
    case .float32(var matrix):
      guard scaling != nil else { return }
      // Lets go of the other reference, so that the change is in place.
      self = .float32(Matrix(rows: 0, columns: 0))
      matrix.withMutableSpan { elements in
        var column = 0
        for i in elements.indices {
          elements[i] = scaled(Double(elements[i]), column, i)
          column = column + 1 == columns ? 0 : column + 1
        }
      }
      self = .float32(matrix)
    case .float64(let double):
      var matrix = Matrix(rows: double.rows, columns: columns)
      matrix.withMutableSpan { elements in
        var column = 0
        for i in elements.indices {
          elements[i] = scaled(double.elements[i], column, i)
          column = column + 1 == columns ? 0 : column + 1
        }
      }
      self = .float32(matrix)
    }
    guard let overflow else { return }
    if let error = written(overflow / columns, overflow % columns) { throw error }
    let column = DataColumn(index: overflow % columns, name: names?[overflow % columns])
    throw .at(
      "\(file), \(column)",
      "the value of sample \(overflow / columns + 1) is too large for 32-bit numbers; correct it, scale the "
        + "column, use another unit or remove the column")
  }
}
