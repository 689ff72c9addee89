import NumericCore

extension DataMatrix {
  /// The first `count` rows.
  consuming func prefix(_ count: Int) -> DataMatrix {
    if count == rows { return self }
    let columns = columns
    switch consume self {
    case .float32(let matrix):
      var result = Matrix(rows: count, columns: columns)
      matrix.withSpan { from in
        result.withMutableSpan { to in for i in 0..<to.count { to[i] = from[i] } }
      }
      return .float32(result)
    case .float64(let matrix):
      return .float64(matrix.prefix(count))
    case .stored: preconditionFailure("rows of a file are all there")
    }
  }

  /// Puts `value` into the rows `rows` of column `input`, for each of `fills`.
  package mutating func replace(_ fills: [(input: Int, value: Double, rows: [Int32])]) {
    guard fills.contains(where: { !$0.rows.isEmpty }) else { return }
    let (rows, columns) = (rows, columns)
    let areNarrow = fills.allSatisfy {
      $0.rows.isEmpty || $0.value.isNaN || Double(Float($0.value)) == $0.value
    }
    switch self {
    case .float32(var matrix) where areNarrow:
      // Lets go of the other reference, so that the change is in place.
      self = .float32(Matrix(rows: 0, columns: 0))
      matrix.withMutableSpan { span in
        for fill in fills {
          for row in fill.rows { span[Int(row) * columns + fill.input] = Float(fill.value) }
        }
      }
      self = .float32(matrix)
    case .stored: preconditionFailure("no number of a file is missing")
    case .float32, .float64:
      var elements = elements
      self = .float32(Matrix(rows: 0, columns: 0))
      for fill in fills {
        for row in fill.rows { elements[Int(row) * columns + fill.input] = fill.value }
      }
      self = .float64(DoubleMatrix(rows: rows, columns: columns, elements))
    }
  }
}
