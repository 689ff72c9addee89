/// How much larger the mean of one measurement is than that of another of the same samples.
package struct PairedRatio: Sendable, Equatable {
  /// Means of the first and of the second.
  package let means: (first: Double, second: Double)
  private let samples: Int
  /// Variances (n − 1) and covariance.
  private let first: Double
  private let second: Double
  private let both: Double
  /// More than losses that are not negative can have: theirs is at most as large as the number of samples.
  private static let largestVariation = 1e12

  package static func == (left: PairedRatio, right: PairedRatio) -> Bool {
    left.means == right.means && left.samples == right.samples && left.first == right.first
      && left.second == right.second && left.both == right.both
  }

  /// Compares `first` and `second`, element by element; at least one.
  package init(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count && !first.isEmpty, "pairs")
    samples = first.count
    let means = (Summary(first).mean, Summary(second).mean)
    self.means = means
    let freedom = Double(max(1, samples - 1))
    self.first = first.reduce(0) { $0 + ($1 - means.0) * ($1 - means.0) } / freedom
    self.second = second.reduce(0) { $0 + ($1 - means.1) * ($1 - means.1) } / freedom
    both = zip(first, second).reduce(0) { $0 + ($1.0 - means.0) * ($1.1 - means.1) } / freedom
  }

  /// The mean of the second over that of the first, minus 1; infinite, or 0, where the first is 0.
  package var increase: Double {
    if means.first == 0 { return means.second == 0 ? 0 : .infinity }
    return means.second / means.first - 1
  }

  /// The one-sided upper bound of the increase, by Fieller's theorem: the smallest ratio r, minus 1, at
  /// which a paired t-test of the second against r times the first says that it is not above, at this
  /// confidence; nil where there is none. The means are of losses, which are not negative.
  ///
  /// Source: Fieller, "Some problems in interval estimation", J. R. Stat. Soc. B 16, 1954.
  package func upperBound(confidence: Double) -> Double? {
    guard samples >= 2, means.first > 0 else { return nil }
    let t = Quantile.student(confidence, freedom: Double(samples - 1))
    // (m₂ − r·m₁)² = t²/n·(s₂₂ − 2r·s₁₂ + r²·s₁₁), of which a bound is the root on t's side.
    let factor = t * t / Double(samples)
    let a = means.first * means.first - factor * first
    let b = means.first * means.second - factor * both
    let c = means.second * means.second - factor * second
    guard a > 0 else { return nil }
    let root = max(0, b * b - a * c).squareRoot()
    return (t < 0 ? b - root : b + root) / a - 1
  }

  /// The fewest samples with which there would be a bound, if the first measurement of the others varies as that
  /// of these does; nil where its mean is 0, so that no number of them would do. How a single one varies is not
  /// known: then it is the fewest of all.
  package func samplesForBound(confidence: Double) -> Int? {
    guard means.first > 0 else { return nil }
    // The square of the coefficient of variation.
    let variation = first / (means.first * means.first)
    guard variation < Self.largestVariation else { return nil }
    // The quantile falls towards that of the normal distribution as samples are added.
    let quantile = Quantile.normal(confidence)
    var count = max(2, Int(quantile * quantile * variation))
    while true {
      let t = Quantile.student(confidence, freedom: Double(count - 1))
      if Double(count) > t * t * variation { return count }
      count += 1
    }
  }
}
