import NumericCore

extension InputCovariance {
  /// Var(Δwᵀa) = Δwᵀ G Δw of every row of `changes` [rows, inputs], row-major: what changing a unit's
  /// weights does to it over the samples, apart from its mean. Never below 0.
  package func variances(ofChanges changes: [Double], pool: WorkerPool) -> [Double] {
    let n = inputs
    let rows = n == 0 ? 0 : changes.count / n
    precondition(changes.count == rows * n, "a change for every input")
    var result = [Double](repeating: 0, count: rows)
    let tasks = RowTasks(rows: rows, operationsPerRow: 2 * n * n)
    let products = DoubleBuffer(count: rows * n)
    let start = products.start
    matrix.withUnsafeBufferPointer { g in
      changes.withUnsafeBufferPointer { changes in
        result.withUnsafeMutableBufferPointer { result in
          guard let g = g.baseAddress, let w = changes.baseAddress,
            let result = result.baseAddress
          else { return }
          pool.run(tasks: tasks.count) { task, _ in
            let range = tasks.range(of: task)
            let at = range.lowerBound * n
            DoubleProduct.multiply(m: range.count, n: n, k: n, w + at, g, into: start + at)
            for row in range {
              result[row] = max(0, DoubleProduct.dot(n, w + row * n, start + row * n))
            }
          }
        }
      }
    }
    return result
  }

  /// E[Δwᵀa] of one row of changes.
  package func meanChange(_ changes: ArraySlice<Double>) -> Double {
    zip(changes, mean).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
