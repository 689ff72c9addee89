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
  /// becomes 0 there. Sums are in the order of `rows`.
  package init?(_ scaling: Scaling, fittedTo matrix: DataMatrix, rows: [Int32]) {
    if scaling == .none { return nil }
    let ranges = ColumnRange.ranges(of: matrix, rows: rows)
    let moments = scaling == .standard ? Self.moments(matrix, rows) : []
    var shift: [Double] = []
    var scale: [Double] = []
    for (column, range) in ranges.enumerated() {
      let (center, spread) =
        scaling == .standard ? moments[column] : (range.least, range.most - range.least)
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
      span.indices.map { Double(span[$0]) / scale[$0 % columns] + shift[$0 % columns] }
    }
    return DoubleMatrix(rows: matrix.rows, columns: columns, elements)
  }

  /// Mean and standard deviation of each column, in two passes.
  private static func moments(
    _ matrix: DataMatrix, _ rows: [Int32]
  ) -> [(shift: Double, spread: Double)] {
    let columns = matrix.columns
    var sums = [Double](repeating: 0, count: columns)
    var squares = [Double](repeating: 0, count: columns)
    let count = Double(rows.count)
    var values = sums
    for row in rows {
      matrix.copyRow(Int(row), to: &values)
      for column in 0..<columns { sums[column] += values[column] }
    }
    let means = sums.map { $0 / count }
    for row in rows {
      matrix.copyRow(Int(row), to: &values)
      for column in 0..<columns {
        let deviation = values[column] - means[column]
        squares[column] += deviation * deviation
      }
    }
    return zip(means, squares).map { ($0, ($1 / count).squareRoot()) }
  }
}

/// Smallest and largest value of a column.
struct ColumnRange: Equatable {
  private(set) var least = Double.infinity
  private(set) var most = -Double.infinity

  /// Whether all values are one, or so near that the roundings of float64 tell them apart.
  var isConstant: Bool { most - least <= 4 * max(abs(least), abs(most)).ulp }

  /// The range of each column as seen in `rows`.
  static func ranges(of matrix: DataMatrix, rows: [Int32]) -> [ColumnRange] {
    var ranges = [ColumnRange](repeating: ColumnRange(), count: matrix.columns)
    var values = [Double](repeating: 0, count: matrix.columns)
    for row in rows {
      matrix.copyRow(Int(row), to: &values)
      for column in values.indices {
        if values[column] < ranges[column].least { ranges[column].least = values[column] }
        if values[column] > ranges[column].most { ranges[column].most = values[column] }
      }
    }
    return ranges
  }
}

extension DataMatrix {
  /// Scales all rows in float64 and rounds them to float32.
  /// - Throws: `DatasetError` for a value so far from the others that float32 does not hold it then.
  mutating func scale(
    by scaling: AffineScaling?, file: String, names: [String?]? = nil
  ) throws(DatasetError) {
    let columns = columns
    precondition(
      scaling?.shift.count ?? columns == columns, "a shift and a scale for each column")
    let shift = scaling?.shift ?? Array(repeating: 0, count: columns)
    let scale = scaling?.scale ?? Array(repeating: 1, count: columns)
    // The first column with a value that float32 does not hold.
    var overflow: Int?
    func scaled(_ value: Double, _ column: Int) -> Float {
      let result = Float((value - shift[column]) * scale[column])
      if !result.isFinite, overflow == nil { overflow = column }
      return result
    }
    switch self {
    case .float32(var matrix):
      guard scaling != nil else { return }
      // Lets go of the other reference, so that the change is in place.
      self = .float32(Matrix(rows: 0, columns: 0))
      matrix.withMutableSpan { elements in
        var column = 0
        for i in elements.indices {
          elements[i] = scaled(Double(elements[i]), column)
          column = column + 1 == columns ? 0 : column + 1
        }
      }
      self = .float32(matrix)
    case .float64(let double):
      var matrix = Matrix(rows: double.rows, columns: columns)
      matrix.withMutableSpan { elements in
        var column = 0
        for i in elements.indices {
          elements[i] = scaled(double.elements[i], column)
          column = column + 1 == columns ? 0 : column + 1
        }
      }
      self = .float32(matrix)
    }
    guard let overflow else { return }
    throw .at(
      "\(file), \(DataColumn(index: overflow, name: names?[overflow]))",
      "the values spread too far to be scaled in 32 bits; use another unit or remove the column")
  }
}
