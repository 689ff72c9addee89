import NumericCore

/// What the BLAS library's sgemm does on given shapes, on as many threads as a pool has, each busy with
/// products of its own: no time is lost on sharing one out.
package struct SgemmRate {
  let pool: WorkerPool
  private static let secondsPerShape = 0.1
  private static let repeats = 5

  package init(pool: WorkerPool) { self.pool = pool }

  /// Floating-point operations a second over all `products` together.
  package func operationsPerSecond(_ products: [ProductShape]) -> Double {
    let seconds = products.reduce(0.0) { $0 + self.seconds($1) * Double($1.count) }
    return products.reduce(0.0) { $0 + $1.operations } / seconds
  }

  /// Seconds that one product takes while all threads take products: a thread's time over the threads.
  private func seconds(_ shape: ProductShape) -> Double {
    let sets = (0..<pool.threadCount).map { _ in ProductOperands(shape) }
    let stopwatch = Stopwatch(seconds: SgemmRate.secondsPerShape, repeats: SgemmRate.repeats)
    let once = shape.operations / Double(shape.count)
    // So many at a time that waking the threads does not count.
    let batch = max(1, Int(SgemmRate.operationsPerTask / max(once, 1)))
    let time = stopwatch.best {
      pool.run(tasks: sets.count) { task, _ in
        for _ in 0..<batch { sets[task].multiply() }
      }
    }
    return time / Double(batch * pool.threadCount)
  }

  private static let operationsPerTask = 1e8
}
