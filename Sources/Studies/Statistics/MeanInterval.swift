import Glibc
import Runs
import Storage

/// A mean over seeds with a confidence interval of Student's t.
package struct MeanInterval: Sendable, Equatable {
  package let count: Int
  package let mean: Double
  package let low: Double
  package let high: Double

  /// The mean of `values` and where it lies with probability `level`; nil for fewer than two values.
  package init?(_ values: [Double], level: Double = 0.95) {
    guard values.count >= 2 else { return nil }
    let summary = Summary(values)
    let half =
      (summary.standardError ?? 0)
      * Quantile.student((1 + level) / 2, freedom: Double(values.count - 1))
    (count, mean) = (values.count, summary.mean)
    (low, high) = (summary.mean - half, summary.mean + half)
  }

  /// The geometric mean of `ratios`, which are above 0, with the interval of the mean of their logarithms taken back:
  /// a ratio and its inverse say the same, and no end is below 0. Nil for fewer than two.
  package init?(ratios: [Double]) {
    precondition(ratios.allSatisfy { $0 > 0 }, "ratios above 0")
    guard let own = MeanInterval(ratios.map { log($0) }) else { return nil }
    count = own.count
    (mean, low, high) = (exp(own.mean), exp(own.low), exp(own.high))
  }
}

extension MeanInterval {
  /// For people.
  package var text: String {
    func figure(_ value: Double) -> String { NumberText.significant(value, 3) }
    return "\(figure(mean)), 95 % interval from \(figure(low)) to \(figure(high)), over "
      + counted(count, "seed")
  }
}
