import Glibc
import Storage

/// Where numbers stand along x, and which of them are named.
struct PlotAxis {
  let title: String
  /// A number that is named, in words.
  let ticks: [(value: Double, text: String)]
  private let place: (Double) -> Double
  private let low: Double
  private let high: Double

  /// Equal differences are equal distances.
  init(_ title: String, _ values: [Double]) {
    let scale = ChartScale(values, logarithmic: false)
    self.title = title
    low = scale.low
    high = scale.high
    place = { $0 }
    ticks = scale.labels(digits: 4)
  }

  /// The same of whole numbers.
  init(counting title: String, from first: Int = 1, to last: Int) {
    let values = [Double(first), Double(max(last, first + 1))]
    let scale = ChartScale(values, logarithmic: false)
    self.title = title
    low = scale.low
    high = scale.high
    place = { $0 }
    ticks = scale.ticks.filter { $0 == $0.rounded() && $0 >= values[0] }.map {
      ($0, NumberText.significant($0, 9))
    }
  }

  /// Removed shares: equal factors of what is left are equal distances, as where pruning goes far.
  init(sparsity title: String, _ values: [Double]) {
    self.title = title
    place = { -log10(max(1 - $0, 1e-7)) }
    let places = values.map(place)
    let (least, most) = (places.min() ?? 0, places.max() ?? 1)
    let room = max(0.02, 0.04 * (most - least))
    low = least - room
    high = most + room
    var ticks: [(value: Double, text: String)] = []
    let shares = [
      0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999,
      0.99999, 0.999999,
    ]
    var last = -Double.infinity
    for share in shares {
      let place = place(share)
      guard place >= low, place <= high, place - last > (high - low) / 12 else { continue }
      ticks.append((share, NumberText.significant(100 * share, 7) + " %"))
      last = place
    }
    self.ticks = ticks
  }

  /// Where `value` stands, 0 at the left end, 1 at the right one.
  func share(_ value: Double) -> Double { (place(value) - low) / max(high - low, 1e-12) }
}
