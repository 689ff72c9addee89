import COpenBLAS

/// One matrix of a product as BLAS sees it: row-major, possibly read transposed.
struct Operand {
  let start: UnsafePointer<Float>
  /// Elements between the starts of two stored rows.
  let stride: Int
  let transposed: Bool

  init(_ start: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
    self.start = start
    self.stride = stride
    self.transposed = transposed
  }
}

/// C [m, n] = A [m, k] · B [k, n] + beta · C, on the calling thread. Sizes are BLAS's 32-bit integers.
func multiply(
  m: Int, n: Int, k: Int, _ a: Operand, _ b: Operand, beta: Float = 0,
  into c: UnsafeMutablePointer<Float>, stride: Int
) {
  if m == 0 || n == 0 { return }
  if k == 0 {
    if beta == 0 { for row in 0..<m { (c + row * stride).update(repeating: 0, count: n) } }
    return
  }
  cblas_sgemm(
    CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
    b.transposed ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a.start,
    blasint(a.stride), b.start, blasint(b.stride), beta, c, blasint(stride))
}
