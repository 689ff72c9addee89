import COpenBLAS

/// A = L Lᵀ of a symmetric positive definite matrix in Double, by LAPACK, on the calling thread.
///
/// LAPACK is column-major; of a symmetric matrix it makes no difference but that its lower triangle is
/// the upper one here.
package enum Cholesky {
  /// Replaces the upper triangle (row-major) of `a` [n, n] by its factor.
  ///
  /// - Returns: whether `a` is positive definite in working precision; if not, `a` is spoilt.
  package static func factor(_ a: UnsafeMutablePointer<Double>, n: Int) -> Bool {
    if n == 0 { return true }
    var (size, leading, info) = (blasint(n), blasint(n), blasint(0))
    dpotrf_("L", &size, a, &leading, &info, 1)
    return info == 0
  }

  /// Replaces each of the `count` right sides in `b` [count, n] by the solution x of A x = b.
  package static func solve(
    _ factor: UnsafePointer<Double>, n: Int, _ b: UnsafeMutablePointer<Double>, count: Int
  ) {
    if n == 0 || count == 0 { return }
    var (size, columns, info) = (blasint(n), blasint(count), blasint(0))
    var (leading, stride) = (size, size)
    dpotrs_("L", &size, &columns, factor, &leading, b, &stride, &info, 1)
  }
}
