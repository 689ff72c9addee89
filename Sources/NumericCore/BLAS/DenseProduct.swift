import CKernels

/// Which kernels multiply dense matrices inside a chain.
package enum DenseProduct: Sendable, Equatable {
  /// Our own tiles of registers, with ends fused. With AVX-512 they reach 97 to 99 % of a core's peak,
  /// where OpenBLAS has 75 to 95 %; with AVX2 and with the plain set 0.9 to 2 times OpenBLAS's rate on
  /// the shapes of training steps.
  case tiles
  /// OpenBLAS, one call a block.
  case blas

  /// C [m, n] = A [m, k] B [k, n], then bias, relu and gate as `eck_product` has them; n is a multiple
  /// of 16 where one of these is given. Element (r, p) of A lies at a[r · rowStep + p · innerStep],
  /// and one of the steps is 1.
  ///
  /// - Parameter live: how many columns count, more than n − 16 of n, which is then a multiple of 16;
  ///   what the others become is finite where B is, and 0 without bias where B is 0.
  package func multiply(
    m: Int, n: Int, live: Int? = nil, k: Int, _ a: UnsafePointer<Float>, rowStep: Int,
    innerStep: Int, _ b: UnsafePointer<Float>, stride bStride: Int,
    into c: UnsafeMutablePointer<Float>, stride: Int, bias: UnsafePointer<Float>? = nil,
    relu: Bool = false, gate: UnsafePointer<Float>? = nil
  ) {
    if m == 0 || n == 0 { return }
    switch self {
    case .tiles:
      if let live, live < n {
        eck_live_product(
          m, n, live, k, a, rowStep, innerStep, b, bStride, c, stride, bias, relu ? 1 : 0, gate)
        return
      }
      eck_product(
        m, n, k, a, rowStep, innerStep, b, bStride, c, stride, bias, relu ? 1 : 0, gate)
    case .blas:
      // A single row has no step of its own.
      let transposed = innerStep != 1
      let rowStep = m == 1 ? max(rowStep, k) : rowStep
      NumericCore.multiply(
        m: m, n: n, k: k,
        Operand(a, stride: max(1, transposed ? innerStep : rowStep), transposed: transposed),
        Operand(b, stride: bStride), into: c, stride: stride)
      if bias != nil || relu || gate != nil {
        eck_finish_rows(m, n, c, stride, bias, relu ? 1 : 0, gate)
      }
    }
  }
}

extension DenseProduct {
  /// C = op(A) B on the calling thread, with `op` transposing on demand; then bias, relu and gate, for
  /// which the columns of C are a multiple of 16. Shapes must match; `live` columns count.
  package func multiply(
    _ a: Matrix, transposed: Bool, _ b: Matrix, live: Int? = nil, into c: inout Matrix,
    bias: [Float]? = nil, relu: Bool = false, gate: Matrix? = nil
  ) {
    let (m, k) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    let n = b.columns
    precondition(b.rows == k && c.rows == m && c.columns == n, "shapes of a product match")
    precondition(n % 16 == 0 || bias == nil && !relu && gate == nil, "whole registers for ends")
    precondition(bias == nil || bias!.count == m)
    precondition(gate == nil || gate!.rows == m && gate!.columns == n)
    // Tiles read whole registers of B.
    let padded = n < 16 ? b.widened(to: 16) : b
    a.withElements { a in
      padded.withElements { b in
        c.withMutableElements { c in
          (bias ?? []).withUnsafeBufferPointer { bias in
            (gate ?? Matrix(rows: 0, columns: 0)).withElements { gate in
              guard let c = c.baseAddress else { return }
              multiply(
                m: m, n: n, live: live, k: k, a.baseAddress ?? UnsafePointer(c),
                rowStep: transposed ? 1 : k,
                innerStep: transposed ? m : 1, b.baseAddress ?? UnsafePointer(c),
                stride: padded.columns, into: c, stride: n,
                bias: bias.isEmpty ? nil : bias.baseAddress, relu: relu,
                gate: gate.isEmpty ? nil : gate.baseAddress)
            }
          }
        }
      }
    }
  }
}

extension Matrix {
  /// The same rows with zeros behind them, up to `width` columns.
  fileprivate func widened(to width: Int) -> Matrix {
    var result = Matrix(rows: rows, columns: width)
    for row in 0..<rows { for column in 0..<columns { result[row, column] = self[row, column] } }
    return result
  }
}
