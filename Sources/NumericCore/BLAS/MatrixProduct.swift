/// Whole-matrix products, cut into blocks of rows of the result over a pool.
package enum MatrixProduct {
  /// C = op(A) · op(B) (+ C when `adding`), where op transposes on demand. Shapes must match.
  package static func multiply(
    _ a: Matrix, transposed transposeA: Bool = false, _ b: Matrix,
    transposed transposeB: Bool = false, adding: Bool = false, into c: inout Matrix,
    pool: WorkerPool
  ) {
    let m = transposeA ? a.columns : a.rows
    let k = transposeA ? a.rows : a.columns
    let n = transposeB ? b.rows : b.columns
    precondition(k == (transposeB ? b.columns : b.rows), "inner sizes of a product are equal")
    precondition(c.rows == m && c.columns == n, "the result is \(m)x\(n)")
    let tasks = RowTasks(rows: m, operationsPerRow: 2 * n * k)
    a.withElements { a0 in
      b.withElements { b0 in
        c.withMutableElements { c0 in
          guard let a1 = a0.baseAddress, let b1 = b0.baseAddress, let c1 = c0.baseAddress else {
            return
          }
          pool.run(tasks: tasks.count) { task, _ in
            let rows = tasks.range(of: task)
            let offset = transposeA ? rows.lowerBound : rows.lowerBound * a.columns
            NumericCore.multiply(
              m: rows.count, n: n, k: k,
              Operand(a1 + offset, stride: a.columns, transposed: transposeA),
              Operand(b1, stride: b.columns, transposed: transposeB), beta: adding ? 1 : 0,
              into: c1 + rows.lowerBound * n, stride: n)
          }
        }
      }
    }
  }
}
