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

/// A shift and a factor for each column: x' = (x - shift) * scale.
///
/// A column that is constant in the training part has scale 1, so it becomes 0 there.
package struct ColumnScale: Sendable, Equatable {
  /// [columns], finite.
  package let shift: [Float]
  /// [columns], finite and not 0.
  package let scale: [Float]

  /// Nil unless both are as long, all numbers are finite and no scale is 0.
  package init?(shift: [Float], scale: [Float]) {
    guard shift.count == scale.count, shift.allSatisfy(\.isFinite),
      scale.allSatisfy({ $0.isFinite && $0 != 0 })
    else { return nil }
    self.shift = shift
    self.scale = scale
  }

  /// The scale that a model carries.
  package init?(_ scaling: AffineScaling) {
    self.init(shift: scaling.shift, scale: scaling.scale)
  }

  /// The scale of `matrix` as seen in `rows` (at least one), nil for `Scaling.none`.
  ///
  /// Sums are in Double and in the order of `rows`.
  /// - Parameters:
  ///   - file: for messages.
  ///   - names: the names of the columns, for messages.
  /// - Throws: `DatasetError` for a column that spreads over (nearly) all of Float32.
  package init?(
    _ scaling: Scaling, fittedTo matrix: Matrix, rows: [Int32], file: String,
    names: [String]? = nil
  ) throws(DatasetError) {
    let statistics: [(shift: Double, spread: Double)]
    switch scaling {
    case .none: return nil
    case .unit: statistics = Self.ranges(matrix, rows).map { ($0.least, $0.most - $0.least) }
    case .standard: statistics = Self.moments(matrix, rows)
    }
    var shift: [Float] = []
    var scale: [Float] = []
    for (column, (center, spread)) in statistics.enumerated() {
      // The inverse of a spread below 3e-39 is beyond Float32: as good as constant.
      let inverse = Float(1 / spread)
      guard !inverse.isSubnormal else {
        let column = DataColumn(index: column, name: names?[column])
        throw Self.rangeTooLarge(file, column)
      }
      shift.append(Float(center))
      scale.append(inverse.isFinite ? inverse : 1)
    }
    self.shift = shift
    self.scale = scale
  }

  /// Scales all rows of `matrix` in place.
  /// - Throws: `DatasetError` for a value so far from the others that the result is not finite.
  package func apply(
    to matrix: inout Matrix, file: String, names: [String]? = nil
  ) throws(DatasetError) {
    precondition(matrix.columns == shift.count, "a shift and a scale for each column")
    let columns = matrix.columns
    let overflow: Int? = matrix.withMutableSpan { elements in
      var overflow: Int?
      var i = 0
      while i < elements.count {
        for column in 0..<columns {
          let value = (elements[i] - shift[column]) * scale[column]
          if !value.isFinite && overflow == nil { overflow = column }
          elements[i] = value
          i += 1
        }
      }
      return overflow
    }
    if let overflow {
      let column = DataColumn(index: overflow, name: names?[overflow])
      throw Self.rangeTooLarge(file, column)
    }
  }

  /// Takes scaled rows back to original units in place: x = x' / scale + shift.
  package func undo(on matrix: inout Matrix) {
    precondition(matrix.columns == shift.count, "a shift and a scale for each column")
    let columns = matrix.columns
    matrix.withMutableSpan { elements in
      var i = 0
      while i < elements.count {
        for column in 0..<columns {
          elements[i] = elements[i] / scale[column] + shift[column]
          i += 1
        }
      }
    }
  }

  private static func rangeTooLarge(_ file: String, _ column: DataColumn) -> DatasetError {
    .at(
      "\(file), \(column)",
      "the values spread too far to be scaled in 32 bits; use another unit or remove the column")
  }

  /// Smallest and largest value of each column.
  private static func ranges(
    _ matrix: Matrix, _ rows: [Int32]
  ) -> [(least: Double, most: Double)] {
    var least = [Float](repeating: .infinity, count: matrix.columns)
    var most = [Float](repeating: -.infinity, count: matrix.columns)
    matrix.withSpan { elements in
      for row in rows {
        let start = Int(row) * matrix.columns
        for column in 0..<matrix.columns {
          let value = elements[start + column]
          if value < least[column] { least[column] = value }
          if value > most[column] { most[column] = value }
        }
      }
    }
    return zip(least, most).map { (Double($0), Double($1)) }
  }

  /// Mean and standard deviation of each column, in two passes; exactly 0 for a constant column.
  private static func moments(
    _ matrix: Matrix, _ rows: [Int32]
  ) -> [(shift: Double, spread: Double)] {
    let columns = matrix.columns
    var sums = [Double](repeating: 0, count: columns)
    var squares = [Double](repeating: 0, count: columns)
    let count = Double(rows.count)
    matrix.withSpan { elements in
      for row in rows {
        let start = Int(row) * columns
        for column in 0..<columns { sums[column] += Double(elements[start + column]) }
      }
      for row in rows {
        let start = Int(row) * columns
        for column in 0..<columns {
          let deviation = Double(elements[start + column]) - sums[column] / count
          squares[column] += deviation * deviation
        }
      }
    }
    return ranges(matrix, rows).enumerated().map { column, range in
      range.least == range.most
        ? (range.least, 0) : (sums[column] / count, (squares[column] / count).squareRoot())
    }
  }
}
