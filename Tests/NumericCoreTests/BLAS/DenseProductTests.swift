import NumericCore
import TestSupport
import Testing

@Suite("DenseProduct")
struct DenseProductTests {
  /// Inner products of up to 1100 terms below 1, rounded in Float32 in whatever order.
  static let tolerance = 2e-4

  struct Shape: Sendable, CustomStringConvertible {
    let m: Int, n: Int, k: Int
    var description: String { "\(m)x\(n)x\(k)" }
  }

  static let shapes = [
    Shape(m: 1, n: 16, k: 1), Shape(m: 7, n: 48, k: 33), Shape(m: 6, n: 64, k: 5),
    Shape(m: 13, n: 112, k: 17), Shape(m: 53, n: 80, k: 256), Shape(m: 3, n: 16, k: 1100),
    Shape(m: 5, n: 32, k: 0), Shape(m: 1, n: 32, k: 9), Shape(m: 25, n: 144, k: 305),
    Shape(m: 103, n: 48, k: 609), Shape(m: 49, n: 512, k: 193),
  ]

  @Test(
    "C = A B with bias, relu and gate, A by rows or by columns", arguments: shapes,
    [DenseProduct.tiles, .blas])
  func ends(shape: Shape, product: DenseProduct) {
    let (m, n, k) = (shape.m, shape.n, shape.k)
    var fixture = BlockFixture(seed: 31)
    let a = fixture.matrix(m, k)
    let turned = Self.transposed(a)
    let b = fixture.matrix(k, n)
    let bias = fixture.vector(m)
    let gate = fixture.matrix(m, n)
    let exact = referenceProduct(a, b)
    for (matrix, isTransposed) in [(a, false), (turned, true)] {
      var c = Matrix(rows: m, columns: n, repeating: .nan)
      product.multiply(matrix, transposed: isTransposed, b, into: &c)
      #expect(largestDifference(c.elements, exact) < Self.tolerance)
      product.multiply(matrix, transposed: isTransposed, b, into: &c, bias: bias, relu: true)
      let clipped = exact.indices.map { max(0, exact[$0] + Double(bias[$0 / n])) }
      #expect(largestDifference(c.elements, clipped) < Self.tolerance)
      product.multiply(matrix, transposed: isTransposed, b, into: &c, gate: gate)
      let gated = exact.indices.map { gate.elements[$0] > 0 ? exact[$0] : 0 }
      #expect(largestDifference(c.elements, gated) < Self.tolerance)
      #expect(c.elements.indices.allSatisfy { gate.elements[$0] > 0 || c.elements[$0] == 0 })
    }
  }

  @Test(
    "Any number of columns, without a write behind a row's end",
    arguments: [1, 2, 15, 16, 17, 31, 33, 50, 63, 65, 100], [DenseProduct.tiles, .blas])
  func columns(n: Int, product: DenseProduct) {
    var fixture = BlockFixture(seed: 32)
    let a = fixture.matrix(9, 21)
    let b = fixture.matrix(21, n)
    var c = Matrix(rows: 9, columns: n, repeating: .nan)
    product.multiply(a, transposed: false, b, into: &c)
    #expect(largestDifference(c.elements, referenceProduct(a, b)) < Self.tolerance)
  }

  @Test(
    "A column has the same bits whatever columns are beside it",
    arguments: [1, 4, 8, 9, 15, 17, 20, 24, 25, 31, 100, 130])
  func alone(n: Int) {
    for (m, k) in [(1, 7), (10, 64), (25, 305), (100, 610)] {
      var fixture = BlockFixture(seed: 36)
      let a = fixture.matrix(m, k)
      let whole = fixture.matrix(k, (n + 15) / 16 * 16)
      let b = Matrix(rows: k, columns: n, (0..<k).flatMap { whole.row($0)[..<n] })
      for (matrix, isTransposed) in [(a, false), (Self.transposed(a), true)] {
        var all = Matrix(rows: m, columns: whole.columns, repeating: .nan)
        var some = Matrix(rows: m, columns: n, repeating: .nan)
        DenseProduct.tiles.multiply(matrix, transposed: isTransposed, whole, into: &all)
        DenseProduct.tiles.multiply(matrix, transposed: isTransposed, b, into: &some)
        for row in 0..<m { #expect(some.row(row)[..<n] == all.row(row)[..<n]) }
      }
    }
  }

  @Test("Columns a power of two apart are copied in panels and give the same")
  func panels() {
    var fixture = BlockFixture(seed: 33)
    let turned = fixture.matrix(300, 512)
    let b = fixture.matrix(300, 16)
    var c = Matrix(rows: 512, columns: 16)
    DenseProduct.tiles.multiply(turned, transposed: true, b, into: &c)
    #expect(largestDifference(c.elements, referenceProduct(Self.transposed(turned), b)) < 1e-4)
  }

  @Test(
    "Panels of any number of columns and of inner steps, no column added twice",
    arguments: [256, 257, 300, 511, 512, 513, 600])
  func panels(k: Int) {
    var fixture = BlockFixture(seed: 34)
    let turned = fixture.matrix(k, 256)
    // Of each panel of rows the first and the last.
    let rows = [0, 47, 48, 239, 240, 255]
    let chosen = Matrix(
      rows: rows.count, columns: k, rows.flatMap { row in (0..<k).map { turned[$0, row] } })
    let all = fixture.matrix(k, 50)
    let exact = referenceProduct(chosen, all)
    for n in 17...50 {
      let b = Matrix(rows: k, columns: n, (0..<k).flatMap { all.row($0)[..<n] })
      var c = Matrix(rows: 256, columns: n, repeating: .nan)
      DenseProduct.tiles.multiply(turned, transposed: true, b, into: &c)
      let found = rows.flatMap { c.row($0) }
      let expected = rows.indices.flatMap { exact[($0 * 50)..<($0 * 50 + n)] }
      #expect(largestDifference(found, expected) < Self.tolerance, "\(n) columns")
    }
  }

  @Test(
    "Where only some columns count, these have the same bits",
    arguments: [1, 5, 16, 40, 133], [1, 2, 3, 4, 5, 8, 9, 16, 17, 20, 24, 33, 50])
  func live(m: Int, live: Int) {
    let n = (live + 15) / 16 * 16
    for k in [0, 1, 16, 37, 256] {
      var fixture = BlockFixture(seed: 35)
      let a = fixture.matrix(m, k)
      let (b, bias, gate) = (fixture.matrix(k, n), fixture.vector(m), fixture.matrix(m, n))
      for (matrix, isTransposed) in [(a, false), (Self.transposed(a), true)] {
        var all = Matrix(rows: m, columns: n, repeating: .nan)
        var some = all
        DenseProduct.tiles.multiply(
          matrix, transposed: isTransposed, b, into: &all, bias: bias, relu: true, gate: gate)
        DenseProduct.tiles.multiply(
          matrix, transposed: isTransposed, b, live: live, into: &some, bias: bias, relu: true,
          gate: gate)
        for row in 0..<m {
          #expect(all.row(row)[..<live] == some.row(row)[..<live])
          #expect(some.row(row).allSatisfy { $0.isFinite })
        }
      }
    }
  }

  @Test("A NaN stays one through relu")
  func notANumber() {
    for product in [DenseProduct.tiles, .blas] {
      var c = Matrix(rows: 1, columns: 16)
      product.multiply(
        Matrix(rows: 1, columns: 1, [.nan]), transposed: false,
        Matrix(rows: 1, columns: 16, repeating: 1), into: &c, bias: [0], relu: true)
      #expect(c.elements.allSatisfy { $0.isNaN })
    }
  }

  private static func transposed(_ a: Matrix) -> Matrix {
    var result = Matrix(rows: a.columns, columns: a.rows)
    for i in 0..<a.rows { for j in 0..<a.columns { result[j, i] = a[i, j] } }
    return result
  }
}
