import NumericCore

extension DataMatrix {
  /// The first `count` rows.
  func prefix(_ count: Int) -> DataMatrix {
    if count == rows { return self }
    switch self {
    case .float32(let matrix):
      var result = Matrix(rows: count, columns: columns)
      matrix.withSpan { from in
        result.withMutableSpan { to in for i in 0..<to.count { to[i] = from[i] } }
      }
      return .float32(result)
    case .float64(let matrix):
      return .float64(
        DoubleMatrix(rows: count, columns: columns, Array(matrix.elements.prefix(count * columns))))
    }
  }

  /// Puts `value` into the rows `rows` of column `input`, for each of `fills`.
  package mutating func replace(_ fills: [(input: Int, value: Double, rows: [Int32])]) {
    guard fills.contains(where: { !$0.rows.isEmpty }) else { return }
    var elements = elements
    for fill in fills {
      for row in fill.rows { elements[Int(row) * columns + fill.input] = fill.value }
    }
    switch self {
    case .float32: self = DataMatrix(rows: rows, columns: columns, elements)
    case .float64:
      self = .float64(DoubleMatrix(rows: rows, columns: columns, elements))
    }
  }
}
