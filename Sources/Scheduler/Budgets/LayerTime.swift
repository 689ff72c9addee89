/// How long one layer takes in a call, measured at several counts of weights left.
///
/// Measured times also rise now and then as weights go. They are replaced by the nearest ones, in
/// least squares, that never do (see `ErrorCurve`). Between its points the time is linear in the
/// count; where the layer changes from a dense kernel to a sparse one, that is a straight line from
/// the last count measured with the one to the first with the other.
package struct LayerTime: Sendable, Equatable {
  /// One measurement.
  package struct Point: Sendable, Equatable {
    /// Weights left in the layer.
    package let kept: Int
    /// Nanoseconds of a call, from 0 to 10^15.
    package let nanoseconds: Double

    package init(kept: Int, nanoseconds: Double) {
      self.kept = kept
      self.nanoseconds = nanoseconds
    }
  }

  /// From all weights to none; times never rise. At least one.
  package let points: [Point]

  /// The times nearest to what was `measured`, from all weights of a layer to none.
  ///
  /// - Throws: `BudgetError.timeOrder`, `.timeInvalid`.
  package init(measured: [Point]) throws(BudgetError) {
    guard measured.last?.kept == 0,
      zip(measured, measured.dropFirst()).allSatisfy({ $0.kept > $1.kept })
    else { throw .timeOrder }
    for point in measured where !(0...1e15).contains(point.nanoseconds) {
      throw .timeInvalid(kept: point.kept, nanoseconds: point.nanoseconds)
    }
    let rising = ErrorCurve.isotonic(measured.reversed().map(\.nanoseconds))
    points = zip(measured, rising.reversed()).map { Point(kept: $0.kept, nanoseconds: $1) }
  }

  /// The counts at which a layer of `weights` weights is measured, falling: all, those that the
  /// standard ladder leaves, and none.
  package static func counts(of weights: Int) -> [Int] {
    PruningLadder.standard.counts(
      within: LayerBounds(least: 0, most: weights, constraint: nil))
  }

  /// The time with `kept` weights left, at most as many as the layer has. It never rises as `kept`
  /// falls, roundings included.
  package func nanoseconds(keeping kept: Int) -> Double {
    precondition(kept >= 0 && kept <= points[0].kept)
    guard let low = points.firstIndex(where: { $0.kept <= kept }) else { return 0 }
    let end = points[low]
    if end.kept == kept { return end.nanoseconds }
    let start = points[low - 1]
    let share = Double(kept - end.kept) / Double(start.kept - end.kept)
    return min(
      start.nanoseconds, end.nanoseconds + (start.nanoseconds - end.nanoseconds) * share)
  }
}
