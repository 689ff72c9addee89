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
    /// The time that the loads of a pruned network's samples take by themselves, over the row's; nil for
    /// dense ones and for batches that fill no register.
    package let loadShare: Double?

    package init(
      name: String, milliseconds: Double, peakShare: Double, coreShare: Double,
      bytesPerCycle: Double, loadShare: Double? = nil
    ) {
      self.name = name
      self.milliseconds = milliseconds
      self.peakShare = peakShare
      self.coreShare = coreShare
      self.bytesPerCycle = bytesPerCycle
      self.loadShare = loadShare
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
      var row: JSONObject = [
        "ms": JSONValue(rounded(entry.milliseconds, 1e6)),
        "peak_share": JSONValue(rounded(entry.peakShare, 1e4)),
        "core_share": JSONValue(rounded(entry.coreShare, 1e4)),
        "bytes_per_cycle": JSONValue(rounded(entry.bytesPerCycle, 1e2)),
      ]
      if let share = entry.loadShare { row["load_share"] = JSONValue(rounded(share, 1e4)) }
      rows[entry.name] = .object(row)
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
  /// Times the row, and in the same sitting sgemm on its shapes, the cores' registers, and for a pruned
  /// network the loads alone.
  ///
  /// - Parameter repeats: of how many the best counts; nil for what the family has.
  /// - Throws: what the work throws.
  package func measure(pool: WorkerPool, repeats: Int? = nil) throws -> BenchReport.Entry {
    let stopwatch = Stopwatch(seconds: effort.seconds, repeats: repeats ?? effort.repeats)
    let rate = SgemmRate(pool: pool).operationsPerSecond(products)
    let cores = CoreRate(pool: pool)
    let seconds = try stopwatch.best(prepare(pool: pool))
    let loads =
      sparsity > 0 && samples >= 16
      ? LoadRate(pool: pool, sparsity: sparsity).seconds(products, samples: samples) : nil
    return BenchReport.Entry(
      name: name, milliseconds: seconds * 1e3, peakShare: operations / seconds / rate,
      coreShare: operations / seconds / cores.operationsPerSecond,
      bytesPerCycle: bytes / seconds / cores.cyclesPerSecond,
      loadShare: loads.map { $0 / seconds })
  }
}
