import Glibc

/// How the errors of a regression on one target are distributed, in original units: predicted minus actual.
package struct ResidualCounts: Sendable, Equatable {
  /// Mean error: how far predictions are off on the whole.
  package let bias: Double
  /// Where the first of `counts` begins, and how wide each is; the last ends as far above 0 as the first begins
  /// below it.
  package let start: Double
  package let step: Double
  /// Errors in ranges that follow one another.
  package let counts: [Int]
  /// Errors before the first range, and behind the last.
  package let below: Int
  package let above: Int

  /// An odd number, so that the one in the middle lies around 0.
  static let ranges = 21

  package init(
    bias: Double, start: Double, step: Double, counts: [Int], below: Int, above: Int
  ) {
    (self.bias, self.start, self.step) = (bias, start, step)
    (self.counts, self.below, self.above) = (counts, below, above)
  }

  /// Counts `errors`, at least one: 99 % of them lie within the ranges. Nil where one is not finite.
  package init?(_ errors: [Double]) {
    guard errors.allSatisfy(\.isFinite) else { return nil }
    let sizes = errors.map(abs).sorted()
    let reach = Summary.quantile(0.99, ofSorted: sizes)
    let step = max(2 * reach / Double(Self.ranges), 1e-300)
    let start = -step * Double(Self.ranges) / 2
    var counts = Array(repeating: 0, count: Self.ranges)
    var (below, above) = (0, 0)
    for error in errors {
      let place = ((error - start) / step).rounded(.down)
      if place < 0 {
        below += 1
      } else if place >= Double(Self.ranges) {
        above += 1
      } else {
        counts[Int(place)] += 1
      }
    }
    self.init(
      bias: errors.reduce(0, +) / Double(errors.count), start: start, step: step, counts: counts,
      below: below, above: above)
  }
}
