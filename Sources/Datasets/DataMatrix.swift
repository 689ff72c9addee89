import NumericCore

/// Float64 numbers, row-major.
package struct DoubleMatrix: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// Element (r, c) lies at `r * columns + c`.
  package fileprivate(set) var elements: [Double]

  /// - Precondition: `rows * columns` elements.
  package init(rows: Int, columns: Int, _ elements: [Double]) {
    precondition(elements.count == rows * columns, "an element for each row and column")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  package subscript(row: Int, column: Int) -> Double { elements[row * columns + column] }

  /// The first `count` rows, in the same memory where nobody else has it.
  consuming func prefix(_ count: Int) -> DoubleMatrix {
    let columns = columns
    var elements = (consume self).elements
    elements.removeLast(elements.count - count * columns)
    return DoubleMatrix(rows: count, columns: columns, elements)
  }
}

/// The numbers of a data set, [rows, columns]: in float32 where that holds each of them, else in
/// float64. So nothing is lost before they are scaled, and pixels and counts take four bytes each.
package enum DataMatrix: Sendable, Equatable {
  case float32(Matrix)
  case float64(DoubleMatrix)
  /// Read when they are wanted.
  case stored(StoredMatrix)

  /// A matrix with `elements` in row-major order.
  package init(rows: Int, columns: Int, _ elements: [Double]) {
    var builder = DataMatrixBuilder(rows: rows, columns: columns)
    builder.store(elements, at: 0)
    self = builder.matrix
  }

  package var rows: Int {
    switch self {
    case .float32(let matrix): matrix.rows
    case .float64(let matrix): matrix.rows
    case .stored(let matrix): matrix.rows
    }
  }

  package var columns: Int {
    switch self {
    case .float32(let matrix): matrix.columns
    case .float64(let matrix): matrix.columns
    case .stored(let matrix): matrix.columns
    }
  }

  package subscript(row: Int, column: Int) -> Double {
    switch self {
    case .float32(let matrix): return Double(matrix[row, column])
    case .float64(let matrix): return matrix[row, column]
    case .stored(let matrix):
      var value = 0.0
      matrix.forEachRow([Int32(row)]) { value = $0[column] }
      return value
    }
  }

  /// A copy of all elements, row-major.
  package var elements: [Double] {
    switch self {
    case .float32(let matrix):
      return matrix.withSpan { span in span.indices.map { Double(span[$0]) } }
    case .float64(let matrix): return matrix.elements
    case .stored:
      var all: [Double] = []
      all.reserveCapacity(rows * columns)
      forEachRow(0..<Int32(rows)) { numbers in for i in numbers.indices { all.append(numbers[i]) } }
      return all
    }
  }

  /// The numbers rounded to float32; what is scaled is in float32 already.
  ///
  /// - Precondition: they are in memory.
  package var rounded: Matrix {
    switch self {
    case .stored: preconditionFailure("numbers in a file are read by whoever wants them")
    case .float32(let matrix): matrix
    case .float64(let matrix):
      Matrix(rows: rows, columns: columns, matrix.elements.map { Float($0) })
    }
  }

  /// Calls `body` with the numbers of each of `wanted`, as they are before they are scaled.
  ///
  /// Rows of a file that cannot be read are left out; `problem` says so.
  func forEachRow(_ wanted: some RandomAccessCollection<Int32>, _ body: (Span<Double>) -> Void) {
    if case .stored(let matrix) = self { return matrix.forEachRow(wanted, body) }
    var values = [Double](repeating: 0, count: columns)
    for row in wanted {
      copyRow(Int(row), to: &values)
      body(values.span)
    }
  }

  /// What went wrong where rows of a file were read; nil for nothing.
  var problem: DatasetError? { if case .stored(let matrix) = self { matrix.problem } else { nil } }

  /// Copies row `index` to `row`, which has an element for every column.
  func copyRow(_ index: Int, to row: inout [Double]) {
    let start = index * columns
    switch self {
    case .stored(let matrix):
      matrix.forEachRow([Int32(index)]) { numbers in
        for i in numbers.indices { row[i] = numbers[i] }
      }
    case .float32(let matrix):
      matrix.withSpan { span in for i in row.indices { row[i] = Double(span[start + i]) } }
    case .float64(let matrix):
      for i in row.indices { row[i] = matrix.elements[start + i] }
    }
  }
}
