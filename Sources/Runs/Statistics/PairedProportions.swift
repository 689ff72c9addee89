/// Two classifiers on the same samples: how many only one of them gets right.
///
/// Source: Tango, "Equivalence test and confidence interval for the difference in proportions for the
/// paired-sample design", Statistics in Medicine 17, 1998.
package struct PairedProportions: Sendable, Equatable {
  /// Samples, at least 1.
  package let samples: Int
  /// Samples that the first gets right and the second does not (Tango's b).
  package let lost: Int
  /// Samples that the second gets right and the first does not (Tango's c).
  package let gained: Int

  package init(samples: Int, lost: Int, gained: Int) {
    precondition(samples >= 1 && lost >= 0 && gained >= 0 && lost + gained <= samples)
    self.samples = samples
    self.lost = lost
    self.gained = gained
  }

  /// Accuracy of the first minus that of the second.
  package var drop: Double { Double(lost - gained) / Double(samples) }

  /// The one-sided upper bound of the drop: the largest value that the score test does not reject at
  /// this confidence, in (0, 1). Sound for small counts; without any difference it is z²/(n + z²).
  package func upperBound(confidence: Double) -> Double {
    let z = Quantile.normal(confidence)
    // The score falls as the drop that is tested grows, from above z to below −z.
    var (low, high) = (-1.0, 1.0)
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { return high }
      if score(of: middle) >= -z { low = middle } else { high = middle }
    }
  }

  /// The score statistic of the hypothesis that the drop is `drop`, in (−1, 1): its variance is that
  /// of the most likely proportions with this difference.
  func score(of drop: Double) -> Double {
    let (n, b, c) = (Double(samples), Double(lost), Double(gained))
    let linear = -b - c + (2 * n - b + c) * drop
    let constant = -c * drop * (1 - drop)
    let root = max(0, linear * linear - 8 * n * constant).squareRoot()
    // The share of samples that only the second gets right; of both forms of the root the one that
    // does not cancel.
    let share = linear > 0 ? -2 * constant / (linear + root) : (root - linear) / (4 * n)
    let difference = b - c - n * drop
    let variance = n * (2 * share + drop * (1 - drop))
    if variance > 0 { return difference / variance.squareRoot() }
    return difference == 0 ? 0 : difference > 0 ? .infinity : -.infinity
  }
}
