/// How many of several numbers take part in their sum.
package enum Participation {
  /// The participation ratio (Σ q)² / Σ q²: n where n numbers are equal and the others 0, 1 where one is
  /// everything. Nil where all are 0.
  ///
  /// - Parameter shares: q, none below 0.
  package static func effectiveCount(of shares: [Double]) -> Double? {
    let (sum, squares) = shares.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return squares > 0 ? sum * sum / squares : nil
  }
}
