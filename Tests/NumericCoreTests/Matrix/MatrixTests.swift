import NumericCore
import Testing

@Suite("Matrix")
struct MatrixTests {
  static let shapes = [(0, 0), (0, 5), (3, 0), (1, 1), (1, 16), (3, 5), (17, 3), (16, 33)]

  @Test("A new matrix is all zero and has rows times columns elements", arguments: shapes)
  func zeros(rows: Int, columns: Int) {
    let matrix = Matrix(rows: rows, columns: columns)
    #expect(matrix.count == rows * columns)
    #expect(matrix.elements == Array(repeating: 0, count: rows * columns))
  }

  @Test("Elements are row-major by subscript, by row and by span", arguments: shapes)
  func rowMajor(rows: Int, columns: Int) {
    let numbers = (0..<(rows * columns)).map(Float.init)
    let matrix = Matrix(rows: rows, columns: columns, numbers)
    #expect(matrix.elements == numbers)
    #expect(matrix.withSpan { span in span.indices.map { span[$0] } } == numbers)
    for row in 0..<rows {
      #expect(matrix.row(row) == Array(numbers[(row * columns)..<((row + 1) * columns)]))
      for column in 0..<columns { #expect(matrix[row, column] == Float(row * columns + column)) }
    }
  }

  @Test("Storage is aligned to 64 bytes, after a copy on write as well", arguments: shapes)
  func alignment(rows: Int, columns: Int) {
    let original = Matrix(rows: rows, columns: columns)
    var copy = original
    if original.count > 0 { copy[0, 0] = 1 }
    for matrix in [original, copy] {
      let address = matrix.withSpan { span in
        span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
      }
      #expect(matrix.count == 0 || address % 64 == 0)
    }
  }

  @Test("A copy does not change with its original")
  func valueSemantics() {
    var original = Matrix(rows: 3, columns: 7, repeating: 2)
    let copy = original
    original[2, 6] = 9
    original.withMutableSpan { span in span[0] = -1 }
    #expect(copy == Matrix(rows: 3, columns: 7, repeating: 2))
    #expect(original[2, 6] == 9 && original[0, 0] == -1 && original[1, 3] == 2)
  }

  @Test("Equality looks at shape and elements, not at how they were set", arguments: shapes)
  func equality(rows: Int, columns: Int) {
    var written = Matrix(rows: rows, columns: columns)
    for row in 0..<rows { for column in 0..<columns { written[row, column] = 2.5 } }
    let repeated = Matrix(rows: rows, columns: columns, repeating: 2.5)
    #expect(written == repeated)
    #expect((Matrix(rows: columns, columns: rows, repeating: 2.5) == repeated) == (rows == columns))
    if written.count > 0 {
      written[rows - 1, columns - 1] = 2
      #expect(written != repeated)
    }
  }

  @Test("A repeated NaN fills every element")
  func repeatedNaN() {
    #expect(Matrix(rows: 3, columns: 3, repeating: .nan).elements.allSatisfy { $0.isNaN })
  }
}
