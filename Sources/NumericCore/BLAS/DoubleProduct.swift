import COpenBLAS

/// Products of rows of numbers in Double, on the calling thread. Sizes are BLAS's 32-bit integers.
package enum DoubleProduct {
  /// C [m, n] = A [m, k] · B [k, n].
  package static func multiply(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into c: UnsafeMutablePointer<Double>
  ) {
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(k), b, blasint(n), 0, c, blasint(n))
  }

  /// xᵀ y of `count` numbers each.
  package static func dot(
    _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>
  ) -> Double {
    cblas_ddot(blasint(count), x, 1, y, 1)
  }

  /// y ← y + factor · x for `count` numbers.
  package static func add(
    _ count: Int, _ factor: Double, _ x: UnsafePointer<Double>,
    to y: UnsafeMutablePointer<Double>
  ) {
    cblas_daxpy(blasint(count), factor, x, 1, y, 1)
  }
}
