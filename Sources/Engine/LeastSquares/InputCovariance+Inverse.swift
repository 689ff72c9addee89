import NumericCore

extension InputCovariance {
  /// λ = `share` times the mean variance of the inputs; 0 where none varies, so that there is nothing to regress
  /// on.
  ///
  /// - Parameter share: above 0.
  package func ridge(share: Double) -> Double {
    let trace = (0..<inputs).reduce(0) { $0 + matrix[$1 * inputs + $1] }
    let ridge = share * trace / Double(max(inputs, 1))
    return ridge.isFinite && ridge >= Double(Float.leastNormalMagnitude) ? ridge : 0
  }

  /// K = (G + λ)⁻¹, [inputs, inputs], both triangles; nil where it cannot be computed.
  ///
  /// - Parameters:
  ///   - ridge: λ, above 0.
  ///   - pool: its threads take blocks of rows, cut by shape alone.
  package func inverse(ridge: Double, pool: WorkerPool) -> [Double]? {
    let n = inputs
    let factor = DoubleBuffer(count: n * n)
    let start = factor.start
    matrix.withUnsafeBufferPointer { matrix in
      for row in 0..<n {
        for column in row..<n { start[row * n + column] = matrix[row * n + column] }
        start[row * n + row] += ridge
      }
    }
    guard Cholesky.factor(start, n: n) else { return nil }
    var result = [Double](repeating: 0, count: n * n)
    for index in 0..<n { result[index * n + index] = 1 }
    let tasks = RowTasks(rows: n, operationsPerRow: 2 * n * n, granularity: 32)
    result.withUnsafeMutableBufferPointer { result in
      guard let columns = result.baseAddress else { return }
      pool.run(tasks: tasks.count) { task, _ in
        let range = tasks.range(of: task)
        Cholesky.solve(start, n: n, columns + range.lowerBound * n, count: range.count)
      }
    }
    return result
  }
}
