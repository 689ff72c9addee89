import CKernels
import Engine
import NumericCore

/// What the loads of a pruned product take by themselves: for every surviving weight, the samples that it is
/// multiplied with, in the order of the survivors. No product with compressed rows can be faster, whatever it
/// does with what it loads.
package struct LoadRate {
  let pool: WorkerPool
  /// Share of the weights that is pruned.
  let sparsity: Double
  private static let secondsPerShape = 0.05
  private static let repeats = 5

  package init(pool: WorkerPool, sparsity: Double) {
    self.pool = pool
    self.sparsity = sparsity
  }

  /// Seconds of the loads of all `products` of a batch, on as many threads as the pool has.
  package func seconds(_ products: [ProductShape], samples: Int) -> Double {
    let width = samples >= 64 ? 64 : samples >= 32 ? 32 : 16
    var known: [Weights: Double] = [:]
    var sum = 0.0
    for product in products {
      let weights = Weights(product)
      let once = known[weights] ?? seconds(weights, width: width)
      known[weights] = once
      sum += once * Double(product.count) * Double(samples) / Double(width)
    }
    return sum
  }

  /// The matrix of weights that a product of a chain takes part of.
  private struct Weights: Hashable {
    let rows: Int
    /// Features, each with a row of samples.
    let columns: Int

    init(_ product: ProductShape) {
      rows = product.rows
      // A gradient's inner dimension is the samples.
      columns = product.transposesRight ? product.columns : product.inner
    }
  }

  /// Seconds of one pass over the survivors, on as many threads as the pool has.
  private func seconds(_ weights: Weights, width: Int) -> Double {
    let mask = Mask.random(
      rows: weights.rows, columns: weights.columns, sparsity: sparsity, layer: 0)
    let index = CompressedRows(
      rows: weights.rows, columns: weights.columns, words: mask.words
    ).indices
    let blocks = (0..<pool.threadCount).map { _ in
      Matrix.normal(rows: weights.columns, columns: width)
    }
    // So many at a time that waking the threads does not count.
    let passes = max(1, LoadRate.survivorsPerTask / max(1, index.count))
    let stopwatch = Stopwatch(seconds: LoadRate.secondsPerShape, repeats: LoadRate.repeats)
    let time = stopwatch.best {
      pool.run(tasks: blocks.count) { task, _ in
        blocks[task].withElements { x in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { kept in
            for _ in 0..<passes {
              eck_read_rows(index.count, index, width, x.baseAddress, kept.baseAddress)
            }
          }
        }
      }
    }
    return time / Double(passes * pool.threadCount)
  }

  private static let survivorsPerTask = 500_000
}
