/// What the whole network keeps after each round of an alternation.
package struct RoundTotals: Sendable, Equatable {
  /// The sparsity demanded after each round, never falling; the last one is the target.
  package let sparsities: [Sparsity]

  /// The exact number of weights left after each round, never rising.
  package let kept: [Int]

  /// Follows `curve` from what is left now.
  ///
  /// The start is measured, (`total` − `remaining`)/`total`. As counts are rounded, a network
  /// pruned to 0.9 may measure 0.909; a target, or the first value of a list, that stands for the
  /// very count that is left is then not below the start, but the start itself.
  ///
  /// - Parameters:
  ///   - remaining: weights left in the whole network, 1…`total`.
  ///   - total: all weights of the network, kept layers included.
  ///   - target: nil where it follows from the curve.
  ///   - rounds: nil where it follows from the curve.
  /// - Throws: `SparsityError` as the curve does, and where nothing is left.
  package init(
    curve: SparsityCurve, remaining: Int, of total: Int, to target: Sparsity?, rounds: Int?
  ) throws(SparsityError) {
    var start = try Sparsity(kept: remaining, of: total)
    if let stated = curve.lowestStated ?? target, stated.kept(of: total) == remaining {
      start = min(start, stated)
    }
    sparsities = try curve.sparsities(from: start, to: target, rounds: rounds)
    var last = remaining
    kept = sparsities.map { sparsity in
      last = min(last, sparsity.kept(of: total))
      return last
    }
  }
}
