import NumericCore
import TestSupport
import Testing

@Suite("Matrix reductions")
struct MatrixReductionsTests {
  /// Sums of Float32 in Double: n roundings of 2^-53, far below this for the sizes here.
  static let tolerance = 1e-13

  @Test("Sum and sum of squares are those of Double", arguments: [0, 1, 15, 16, 17, 33, 1000])
  func sums(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let numbers = generator.floats(count, bound: 3)
    let matrix = Matrix(rows: 1, columns: count, numbers)
    let sum = numbers.reduce(0.0) { $0 + Double($1) }
    let squares = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(matrix.sum - sum) <= Self.tolerance * squares)
    #expect(abs(matrix.sumOfSquares - squares) <= Self.tolerance * squares)
  }

  @Test("Squares beyond the range of Float32 do not overflow a sum of squares")
  func largeSquares() {
    let sum = Matrix(rows: 1, columns: 17, repeating: 1e30).sumOfSquares
    #expect(abs(sum - 17e60) <= 1e-6 * 17e60)
  }

  @Test("A single NaN or infinity anywhere is found", arguments: [1, 16, 17, 33])
  func finiteness(count: Int) {
    let finite = Matrix(rows: count, columns: 1, repeating: .greatestFiniteMagnitude)
    #expect(finite.isFinite)
    for position in 0..<count {
      for bad in [Float.nan, .infinity, -.infinity] {
        var matrix = finite
        matrix[position, 0] = bad
        #expect(!matrix.isFinite)
      }
    }
  }

  @Test("An empty matrix is finite and sums to 0")
  func empty() {
    let matrix = Matrix(rows: 0, columns: 3)
    #expect(matrix.isFinite && matrix.sum == 0 && matrix.sumOfSquares == 0)
  }
}
