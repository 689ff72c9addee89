import NumericCore
import Storage

/// How long a sample takes in batches of several sizes: a kernel that suits few of them shows as a cliff.
package struct BatchGrowth: Sendable, Equatable {
  /// One batch size.
  package struct Point: Sendable, Equatable {
    package let batch: Int
    /// Microseconds of a step's sample with masked dense layers.
    package let dense: Double
    /// Microseconds of a step's sample with compressed rows.
    package let compressed: Double

    package init(batch: Int, dense: Double, compressed: Double) {
      self.batch = batch
      self.dense = dense
      self.compressed = compressed
    }
  }

  package static let width = 512
  package static let sparsity = 0.95
  /// Around the registers' 16 lanes, and up to where nothing is left to share.
  package static let batches = [1, 2, 3, 8, 15, 16, 17, 31, 32, 33, 64, 100, 128, 256]

  /// Ascending in batch size.
  package let points: [Point]

  package init(points: [Point]) { self.points = points }

  /// Times Adam steps of a network [width, width, width]; `progress` is told of each batch before it is prepared.
  ///
  /// All batches take turns, in short repeats: what slows the machine for a while would look like a cliff.
  package static func measure(
    pool: WorkerPool, seconds: Double = 0.5, batches: [Int] = batches, width: Int = width,
    progress: (_ batch: Int) -> Void
  ) -> BatchGrowth {
    let model = ChainStep.Model(width: width, density: 1 - sparsity)
    var steps: [() -> Void] = []
    for batch in batches {
      progress(batch)
      for compressed in [false, true] {
        let step = ChainStep(model, batch: batch, compressed: compressed, pool: pool)
        steps.append { step() }
      }
    }
    let times = Stopwatch(seconds: seconds, repeats: repeats).best(steps)
    return BatchGrowth(
      points: batches.enumerated().map { index, batch in
        Point(
          batch: batch, dense: times[2 * index] * 1e6 / Double(batch),
          compressed: times[2 * index + 1] * 1e6 / Double(batch))
      })
  }

  private static let repeats = 50

  /// By how much a sample takes longer than in some smaller batch, at most, as a share; 0 where it never
  /// does.
  package func largestRise(_ time: (Point) -> Double) -> Double {
    var (shortest, rise) = (Double.infinity, 0.0)
    for point in points {
      rise = max(rise, time(point) / shortest - 1)
      shortest = min(shortest, time(point))
    }
    return rise
  }

  /// The part `by_batch` of `bench --growth --json`.
  package var json: JSONValue {
    JSONValue(
      points.map { point in
        [
          "batch": JSONValue(point.batch), "dense_us": JSONValue(point.dense),
          "compressed_us": JSONValue(point.compressed),
        ] as JSONValue
      })
  }
}
