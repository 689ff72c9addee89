import Runs

/// A paired t-test, two-sided, of whether two methods differ over the same seeds.
package struct PairedTest: Sendable, Equatable {
  /// Differences less likely than this are marked.
  package static let significance = 0.05

  /// Pairs that both have.
  package let pairs: Int
  /// Mean of the second minus the first.
  package let meanDifference: Double
  /// The mean difference over its standard error; nil where all differences are equal.
  package let t: Double?
  /// The probability of so large a |t| if the two did not differ, with pairs − 1 degrees of freedom; 1
  /// where there is no difference, 0 where all differences are the same and not 0.
  package let p: Double

  /// Compares `first` and `second`, element by element; nil for fewer than two pairs.
  package init?(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count, "pairs")
    guard first.count >= 2 else { return nil }
    let differences = zip(first, second).map { $1 - $0 }
    let summary = Summary(differences)
    pairs = differences.count
    meanDifference = summary.mean
    guard let error = summary.standardError, error > 0 else {
      t = nil
      p = summary.mean == 0 ? 1 : 0
      return
    }
    let t = summary.mean / error
    self.t = t
    let freedom = Double(pairs - 1)
    p = IncompleteBeta.value(freedom / (freedom + t * t), a: freedom / 2, b: 0.5)
  }
}
