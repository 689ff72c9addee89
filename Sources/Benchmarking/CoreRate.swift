import CKernels
import NumericCore

/// What the cores that a pool computes on can do at most, measured while all of them are busy.
package struct CoreRate: Sendable {
  /// Cycles of all cores together.
  package let cyclesPerSecond: Double
  /// Multiplications and additions of Float32 on all of them, with the registers of the chosen kernels.
  package let operationsPerSecond: Double

  private static let cycles = 100_000
  private static let rounds = 10_000

  package init(pool: WorkerPool) {
    let threads = pool.threadCount
    let stopwatch = Stopwatch(seconds: 0.05, repeats: 5)
    let cycleSeconds = stopwatch.best {
      pool.run(tasks: threads) { _, _ in eck_take_cycles(CoreRate.cycles) }
    }
    cyclesPerSecond = Double(threads * CoreRate.cycles) / cycleSeconds
    let seconds = stopwatch.best {
      pool.run(tasks: threads) { _, _ in
        _ = CoreRate.operations(rounds: CoreRate.rounds)
      }
    }
    operationsPerSecond =
      Double(threads) * CoreRate.operations(rounds: CoreRate.rounds) / seconds
  }

  /// Keeps the registers busy; how many operations that was.
  private static func operations(rounds: Int) -> Double {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { kept in
      kept.initialize(repeating: 0.5)
      return eck_peak(rounds, kept.baseAddress)
    }
  }
}
