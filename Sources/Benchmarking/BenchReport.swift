import Glibc
import NumericCore
import Storage

/// Times of rows, as `bench` reports them.
package struct BenchReport: Sendable, Equatable {
  /// One row's times.
  package struct Entry: Sendable, Equatable {
    package let name: String
    /// Milliseconds of the work, once.
    package let milliseconds: Double
    /// Floating-point operations at surviving weights a second, over those of sgemm on the same
    /// shapes, dense, on as many threads.
    package let peakShare: Double

    package init(name: String, milliseconds: Double, peakShare: Double) {
      self.name = name
      self.milliseconds = milliseconds
      self.peakShare = peakShare
    }
  }

  package let threads: Int
  package let entries: [Entry]

  package init(threads: Int, entries: [Entry]) {
    self.threads = threads
    self.entries = entries
  }

  /// The form of `bench --json`: milliseconds to a nanosecond, shares to a hundredth of a per cent.
  package var json: JSONValue {
    var rows = JSONObject()
    for entry in entries {
      rows[entry.name] = [
        "ms": JSONValue(rounded(entry.milliseconds, 1e6)),
        "peak_share": JSONValue(rounded(entry.peakShare, 1e4)),
      ]
    }
    return ["format": 1, "threads": JSONValue(threads), "ms": .object(rows)]
  }

  private func rounded(_ value: Double, _ steps: Double) -> Double {
    (value * steps).rounded() / steps
  }
}

extension BenchRow {
  /// Times the row, and sgemm on its shapes in the same sitting.
  ///
  /// - Parameter repeats: of how many the best counts; nil for what the family has.
  /// - Throws: what the work throws.
  package func measure(pool: WorkerPool, repeats: Int? = nil) throws -> BenchReport.Entry {
    let stopwatch = Stopwatch(seconds: effort.seconds, repeats: repeats ?? effort.repeats)
    let rate = SgemmRate(pool: pool).operationsPerSecond(products)
    let seconds = try stopwatch.best(prepare(pool: pool))
    return BenchReport.Entry(
      name: name, milliseconds: seconds * 1e3, peakShare: operations / seconds / rate)
  }
}
