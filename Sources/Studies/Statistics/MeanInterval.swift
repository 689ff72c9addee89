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
    let half = (summary.standardError ?? 0) * Self.quantile(level, freedom: values.count - 1)
    (count, mean) = (values.count, summary.mean)
    (low, high) = (summary.mean - half, summary.mean + half)
  }

  /// The t that |t| of so many degrees of freedom is below with probability `level`.
  package static func quantile(_ level: Double, freedom: Int) -> Double {
    let freedom = Double(freedom)
    func beyond(_ t: Double) -> Double {
      IncompleteBeta.value(freedom / (freedom + t * t), a: freedom / 2, b: 0.5)
    }
    var (low, high) = (0.0, 1.0)
    while beyond(high) > 1 - level, high < 1e12 { high *= 2 }
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if beyond(middle) > 1 - level { low = middle } else { high = middle }
    }
    return (low + high) / 2
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
