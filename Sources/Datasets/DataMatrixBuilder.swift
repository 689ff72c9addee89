import NumericCore

/// A matrix in the making: float32 until the first number that this does not hold.
struct DataMatrixBuilder {
  private let rows: Int
  let columns: Int
  /// Of no rows until something is stored.
  private var narrow = Matrix(rows: 0, columns: 0)
  /// Empty while float32 holds all numbers.
  private var wide: [Double] = []
  private var isWide = false
  private var isEmpty = true

  /// A matrix of zeros.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// The first `count` rows of what was stored, which is let go of.
  mutating func take(_ count: Int) -> DataMatrix {
    let all = matrix
    self = DataMatrixBuilder(rows: 0, columns: columns)
    return all.prefix(count)
  }

  /// What was stored.
  var matrix: DataMatrix {
    if isWide { return .float64(DoubleMatrix(rows: rows, columns: columns, wide)) }
    return .float32(isEmpty ? Matrix(rows: rows, columns: columns) : narrow)
  }

  /// Stores `values` from element `start` on, row-major.
  mutating func store(_ values: [Double], at start: Int) {
    if !isWide, !values.allSatisfy({ Double(Float($0)) == $0 || $0.isNaN }) { widen() }
    if isWide {
      var span = wide.mutableSpan
      for i in values.indices { span[start + i] = values[i] }
    } else {
      if isEmpty { narrow = Matrix(rows: rows, columns: columns) }
      narrow.withMutableSpan { span in
        for i in values.indices { span[start + i] = Float(values[i]) }
      }
    }
    isEmpty = false
  }

  private mutating func widen() {
    wide =
      isEmpty
      ? [Double](repeating: 0, count: rows * columns) : DataMatrix.float32(narrow).elements
    narrow = Matrix(rows: 0, columns: 0)
    isWide = true
  }
}
