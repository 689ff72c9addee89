import NumericCore
import Storage

/// How the time of a training step grows with a network's width and batch, and falls with its sparsity.
package struct GrowthMeasurement: Sendable, Equatable {
  /// One network [width, width, width] at one sparsity.
  package struct Point: Sendable, Equatable {
    package let width: Int
    package let sparsity: Double
    /// Milliseconds of a step with masked dense layers.
    package let dense: Double
    /// Milliseconds of a step with compressed rows; nil where nothing is pruned.
    package let compressed: Double?

    package init(width: Int, sparsity: Double, dense: Double, compressed: Double?) {
      self.width = width
      self.sparsity = sparsity
      self.dense = dense
      self.compressed = compressed
    }
  }

  /// Samples of a batch.
  package static let batch = 128
  package static let widths = [256, 512, 1024, 2048, 4096]
  /// Of the table by width.
  package static let sparsityOfWidths = 0.95
  /// Of the table by sparsity.
  package static let widthOfSparsities = 1024
  package static let sparsities = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]

  package let threads: Int
  /// Ascending in width, at `sparsityOfWidths`.
  package let byWidth: [Point]
  /// Ascending in sparsity, at `widthOfSparsities`.
  package let bySparsity: [Point]

  package let byBatch: BatchGrowth

  package init(
    threads: Int, byWidth: [Point], bySparsity: [Point], byBatch: BatchGrowth = .init(points: [])
  ) {
    self.threads = threads
    self.byWidth = byWidth
    self.bySparsity = bySparsity
    self.byBatch = byBatch
  }

  /// The sparsity above which compressed rows win, between its neighbours on a straight line through
  /// the ratios of times; nil where they never win.
  package var crossover: Double? {
    var previous: (sparsity: Double, ratio: Double)?
    for point in bySparsity {
      guard let compressed = point.compressed else { continue }
      let ratio = compressed / point.dense
      if ratio <= 1 {
        guard let (sparsity, above) = previous else { return point.sparsity }
        return sparsity + (above - 1) / (above - ratio) * (point.sparsity - sparsity)
      }
      previous = (point.sparsity, ratio)
    }
    return nil
  }

  /// Measures all points; `progress` is told before each.
  package static func measure(
    pool: WorkerPool, seconds: Double = 1, widths: [Int] = widths,
    sparsities: [Double] = sparsities, widthOfSparsities: Int = widthOfSparsities,
    batches: [Int] = BatchGrowth.batches,
    progress: (_ width: Int, _ sparsity: Double, _ batch: Int) -> Void
  ) -> GrowthMeasurement {
    func point(_ width: Int, _ sparsity: Double) -> Point {
      progress(width, sparsity, batch)
      let times = ChainStep.seconds(
        width: width, density: 1 - sparsity, batch: batch,
        compressed: sparsity > 0 ? [false, true] : [false], pool: pool, timing: seconds)
      return Point(
        width: width, sparsity: sparsity, dense: times[0] * 1e3,
        compressed: sparsity > 0 ? times[1] * 1e3 : nil)
    }
    return GrowthMeasurement(
      threads: pool.threadCount, byWidth: widths.map { point($0, sparsityOfWidths) },
      bySparsity: sparsities.map { point(widthOfSparsities, $0) },
      byBatch: BatchGrowth.measure(pool: pool, seconds: seconds / 2, batches: batches) {
        progress(BatchGrowth.width, BatchGrowth.sparsity, $0)
      })
  }

  /// The form of `bench --growth --json`.
  package var json: JSONValue {
    [
      "format": 1, "threads": JSONValue(threads), "batch": JSONValue(Self.batch),
      "by_width": JSONValue(byWidth.map(\.json)),
      "by_sparsity": JSONValue(bySparsity.map(\.json)), "by_batch": byBatch.json,
      "crossover": JSONValue(crossover),
    ]
  }
}

extension GrowthMeasurement.Point {
  fileprivate var json: JSONValue {
    [
      "width": JSONValue(width), "sparsity": JSONValue(sparsity), "dense_ms": JSONValue(dense),
      "compressed_ms": JSONValue(compressed),
    ]
  }
}
