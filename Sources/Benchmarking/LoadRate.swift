import CKernels
import Engine
import NumericCore

/// What the loads of products take by themselves, from the level of the cache that holds what is loaded. No
/// kernel can be faster, whatever it does with what it loads.
///
/// A pruned product of a batch loads for every surviving weight the samples that it is multiplied with, in the
/// order of the survivors; one of a single sample the values and the places of its survivors, in their order.
/// A dense product loads its operands and its result, each once and in order.
package struct LoadRate {
  let pool: WorkerPool
  /// Share of the weights that is pruned.
  let sparsity: Double
  private static let secondsPerShape = 0.05
  private static let repeats = 5
  /// The samples from which on a register is filled.
  private static let lanes = 16

  package init(pool: WorkerPool, sparsity: Double) {
    self.pool = pool
    self.sparsity = sparsity
  }

  /// Seconds of the loads of all `products` of a batch, on as many threads as the pool has.
  package func seconds(_ products: [ProductShape], samples: Int) -> Double {
    var known: [Loads: Double] = [:]
    var sum = 0.0
    for product in products {
      let (order, floats) = loads(of: product, samples: samples)
      let once = known[order] ?? secondsPerFloat(order)
      known[order] = once
      sum += once * floats
    }
    return sum
  }

  /// An order in which floats are loaded.
  private enum Loads: Hashable {
    /// For every survivor of a matrix of weights a row of `width` samples, that of its column.
    case samples(rows: Int, columns: Int, width: Int)
    /// So many floats one behind the other.
    case inOrder(Int)
  }

  /// How `product` loads, and how many floats in all of its `count` products.
  private func loads(of product: ProductShape, samples: Int) -> (Loads, floats: Double) {
    guard sparsity > 0 else {
      let floats = product.bytes / 4
      return (.inOrder(Int(floats) / product.count), floats)
    }
    let multiplications = product.operations / 2 * (1 - sparsity)
    guard samples >= LoadRate.lanes else {
      let floats = 2 * multiplications / Double(samples)
      return (.inOrder(Int(floats) / product.count), floats)
    }
    let width = samples >= 64 ? 64 : samples >= 32 ? 32 : 16
    // A gradient's inner dimension is the samples.
    let columns = product.transposesRight ? product.columns : product.inner
    return (.samples(rows: product.rows, columns: columns, width: width), multiplications)
  }

  /// Seconds that a float takes while all threads load, over the threads.
  private func secondsPerFloat(_ loads: Loads) -> Double {
    let (index, rows, width): ([Int32], Int, Int)
    switch loads {
    case .samples(let outputs, let columns, let batch):
      let mask = Mask.random(rows: outputs, columns: columns, sparsity: sparsity, layer: 0)
      index = CompressedRows(rows: outputs, columns: columns, words: mask.words).indices
      (rows, width) = (columns, batch)
    case .inOrder(let floats):
      width = 64
      // Each thread has its part of them.
      rows = max(1, floats / (width * pool.threadCount))
      index = Array(0..<Int32(rows))
    }
    let blocks = (0..<pool.threadCount).map { _ in Matrix.normal(rows: rows, columns: width) }
    // So many at a time that waking the threads does not count.
    let passes = max(1, LoadRate.rowsPerTask / max(1, index.count))
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
    return time / Double(passes * pool.threadCount * max(1, index.count) * width)
  }

  private static let rowsPerTask = 500_000
}
