import NumericCore

/// The matrices of one thread's product. A class, because the product is changed in place.
final class ProductOperands {
  private let shape: ProductShape
  private let a: Matrix
  private let b: Matrix
  private var c: Matrix
  private let pool = WorkerPool(threadCount: 1)

  init(_ shape: ProductShape) {
    self.shape = shape
    a =
      shape.transposesLeft
      ? .normal(rows: shape.inner, columns: shape.rows)
      : .normal(rows: shape.rows, columns: shape.inner)
    b =
      shape.transposesRight
      ? .normal(rows: shape.columns, columns: shape.inner)
      : .normal(rows: shape.inner, columns: shape.columns)
    c = Matrix(rows: shape.rows, columns: shape.columns)
  }

  /// By the BLAS library.
  func multiply() {
    MatrixProduct.multiply(
      a, transposed: shape.transposesLeft, b, transposed: shape.transposesRight, into: &c,
      pool: pool)
  }

  /// By the tiles of the chosen set, which take no transposed right side.
  func multiplyByTiles() {
    DenseProduct.tiles.multiply(a, transposed: shape.transposesLeft, b, into: &c)
  }
}
