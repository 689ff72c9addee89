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
    /// The same operations over those that the cores' registers can do at most.
    package let coreShare: Double
    /// Bytes of operands, see `BenchRow.bytes`, in a cycle of a core.
    package let bytesPerCycle: Double
    /// The time that the row's loads take by themselves, see `LoadRate`, over the row's.
    package let loadShare: Double

    package init(
      name: String, milliseconds: Double, peakShare: Double, coreShare: Double,
      bytesPerCycle: Double, loadShare: Double
    ) {
      self.name = name
      self.milliseconds = milliseconds
      self.peakShare = peakShare
      self.coreShare = coreShare
      self.bytesPerCycle = bytesPerCycle
      self.loadShare = loadShare
    }

    /// What bounds the row's time from below.
    package enum Bound: String, Sendable {
      /// The operations, at the cores' peak.
      case arithmetic
      /// The loads, without any arithmetic.
      case loads
    }

    /// The one of both that takes longer.
    package var bound: Bound { coreShare < loadShare ? .loads : .arithmetic }

    /// Milliseconds that no kernel of this kind can go below: those of the longer bound.
    package var limitMilliseconds: Double { milliseconds * max(coreShare, loadShare) }
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
        "core_share": JSONValue(rounded(entry.coreShare, 1e4)),
        "bytes_per_cycle": JSONValue(rounded(entry.bytesPerCycle, 1e2)),
        "load_share": JSONValue(rounded(entry.loadShare, 1e4)),
        "limit_ms": JSONValue(rounded(entry.limitMilliseconds, 1e6)),
        "limit_by": .string(entry.bound.rawValue),
      ]
    }
    return [
      "format": 1, "threads": JSONValue(threads),
      "instructions": .string(InstructionSet.chosen.rawValue), "ms": .object(rows),
    ]
  }

  private func rounded(_ value: Double, _ steps: Double) -> Double {
    (value * steps).rounded() / steps
  }
}

extension BenchRow {
  /// Times the row, and in the same sitting sgemm on its shapes, the cores' registers and the loads alone.
  ///
  /// - Parameter repeats: of how many the best counts; nil for what the family has.
  /// - Throws: what the work throws.
  package func measure(pool: WorkerPool, repeats: Int? = nil) throws -> BenchReport.Entry {
    let stopwatch = Stopwatch(seconds: effort.seconds, repeats: repeats ?? effort.repeats)
    let rate = SgemmRate(pool: pool).operationsPerSecond(products)
    let cores = CoreRate(pool: pool)
    let seconds = try stopwatch.best(prepare(pool: pool))
    let loads = LoadRate(pool: pool, sparsity: sparsity).seconds(products, samples: samples)
    return BenchReport.Entry(
      name: name, milliseconds: seconds * 1e3, peakShare: operations / seconds / rate,
      coreShare: operations / seconds / cores.operationsPerSecond,
      bytesPerCycle: bytes / seconds / cores.cyclesPerSecond,
      loadShare: loads / seconds)
  }
}
