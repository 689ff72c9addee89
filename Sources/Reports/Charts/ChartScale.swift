import Glibc
import Storage

/// Where values stand along an axis, and which of them are marked.
package struct ChartScale {
  /// Whether equal factors are equal distances.
  package let isLogarithmic: Bool
  /// The values at the ends of the axis, low below high.
  package let low: Double
  package let high: Double

  /// An axis that has all `values`, with a little room at either end; logarithmic where that is wanted
  /// and all values are above 0.
  package init(_ values: [Double], logarithmic: Bool) {
    let smallest = values.min() ?? 0
    let largest = values.max() ?? 1
    isLogarithmic = logarithmic && smallest > 0
    if isLogarithmic {
      let room = max(0.02, 0.04 * (log10(largest) - log10(smallest)))
      low = pow(10, log10(smallest) - room)
      high = pow(10, log10(largest) + room)
    } else {
      let room = max(0.04 * (largest - smallest), 1e-9 + 0.001 * abs(largest))
      low = smallest - room
      high = largest + room
    }
  }

  /// Where `value` stands, 0 at the low end, 1 at the high one.
  package func share(_ value: Double) -> Double {
    isLogarithmic
      ? (log10(value) - log10(low)) / (log10(high) - log10(low)) : (value - low) / (high - low)
  }

  /// Round values to mark, about six of them.
  package var ticks: [Double] {
    if isLogarithmic, high / low > 3 { return logarithmicTicks }
    let step = Self.roundStep((high - low) / 6)
    var ticks: [Double] = []
    var index = (low / step).rounded(.up)
    while index * step <= high, ticks.count < 20 {
      // Not minus nothing.
      ticks.append(index * step + 0)
      index += 1
    }
    return ticks
  }

  /// The same with their texts: `digits` significant digits, or as many as tell them apart.
  package func labels(digits: Int) -> [(value: Double, text: String)] {
    let ticks = ticks
    return zip(ticks, NumberText.apart(ticks, digits)).map { ($0, $1) }
  }

  private var logarithmicTicks: [Double] {
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let every = max(1, decades.count / 8)
    let digits: [Double] =
      high / low < 10
      ? [1, 1.5, 2, 3, 5, 7] : decades.count <= 3 ? [1, 2, 5] : decades.count <= 5 ? [1, 3] : [1]
    return decades.filter { $0 % every == 0 }.flatMap { decade in
      digits.map { $0 * pow(10, Double(decade)) }
    }.filter { $0 >= low && $0 <= high }
  }

  /// 1, 2 or 5 times a power of ten, at least `step`.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let factor = [1, 2, 5, 10].first { $0 * power >= step * 0.999 } ?? 10
    return factor * power
  }
}
