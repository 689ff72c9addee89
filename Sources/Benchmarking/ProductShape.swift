/// A dense matrix product by its sizes: C [rows, columns] = A [rows, inner] · B [inner, columns].
package struct ProductShape: Sendable, Hashable {
  let rows: Int
  let columns: Int
  let inner: Int
  /// Whether A is stored [inner, rows].
  let transposesLeft: Bool
  /// Whether B is stored [columns, inner].
  let transposesRight: Bool
  /// How often the product is taken.
  let count: Int

  package init(
    rows: Int, columns: Int, inner: Int, transposesLeft: Bool = false,
    transposesRight: Bool = false, count: Int = 1
  ) {
    self.rows = rows
    self.columns = columns
    self.inner = inner
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
    self.count = count
  }

  /// Rows, columns and inner size, such as `300x64x784`, and whether the left side lies transposed.
  package var name: String {
    "\(rows)x\(columns)x\(inner)" + (transposesLeft ? "/transposed" : "")
  }

  /// Bytes of the operands and results of all `count` products.
  package var bytes: Double {
    let (rows, columns, inner) = (Double(rows), Double(columns), Double(inner))
    return 4 * (rows * inner + inner * columns + rows * columns) * Double(count)
  }

  /// Multiplications and additions of all `count` products.
  package var operations: Double {
    2 * Double(rows) * Double(columns) * Double(inner) * Double(count)
  }
}
