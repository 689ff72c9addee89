/// What pruning one layer alone costs, measured at several counts of weights left.
///
/// Measured errors also fall now and then as weights go. The curve is the nearest one, in least
/// squares, that never does (isotonic regression, by pooling adjacent violators: Ayer et al.,
/// 1955). Between its points it is linear in the count.
package struct ErrorCurve: Sendable, Equatable {
  /// One measurement.
  package struct Point: Sendable, Equatable {
    /// Weights left in the layer, 0 or more.
    package let kept: Int
    /// The error of the network then, finite and at least 0, in any one unit for all layers.
    package let error: Double

    package init(kept: Int, error: Double) {
      self.kept = kept
      self.error = error
    }
  }

  /// From the most weights kept to the fewest; errors never fall. At least one.
  package let points: [Point]

  /// The curve nearest to what was `measured`, from the most weights kept to the fewest.
  ///
  /// - Throws: `BudgetError.curveOrder`, `.curveInvalid`.
  package init(measured: [Point]) throws(BudgetError) {
    guard let last = measured.last, last.kept >= 0,
      zip(measured, measured.dropFirst()).allSatisfy({ $0.kept > $1.kept })
    else { throw .curveOrder }
    for point in measured where !(point.error >= 0 && point.error < .infinity) {
      throw .curveInvalid(kept: point.kept, error: point.error)
    }
    points = zip(measured, Self.isotonic(measured.map(\.error))).map {
      Point(kept: $0.kept, error: $1)
    }
  }

  /// The error with `kept` weights left, which lies between the counts of the first and the last
  /// point. It never falls as `kept` does, roundings included.
  package func error(keeping kept: Int) -> Double {
    precondition(kept <= points[0].kept && kept >= points[points.count - 1].kept)
    // The last point that keeps at least as many.
    var (low, high) = (0, points.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if points[middle].kept >= kept { low = middle } else { high = middle - 1 }
    }
    let start = points[low]
    if start.kept == kept { return start.error }
    let end = points[low + 1]
    let share = Double(start.kept - kept) / Double(start.kept - end.kept)
    return min(end.error, start.error + (end.error - start.error) * share)
  }

  /// The greatest convex function below this curve from its first point to the one that keeps
  /// `least` weights.
  func convexHull(downTo least: Int) -> ConvexErrorCurve {
    var ends = points.filter { $0.kept > least }
    if ends.count < points.count { ends.append(Point(kept: least, error: error(keeping: least))) }
    return ConvexErrorCurve(below: ends)
  }

  /// The non-decreasing values nearest to `values`.
  static func isotonic(_ values: [Double]) -> [Double] {
    var blocks: [(sum: Double, count: Int)] = []
    for value in values {
      var block = (sum: value, count: 1)
      while let last = blocks.last,
        last.sum / Double(last.count) > block.sum / Double(block.count)
      {
        block = (block.sum + last.sum, block.count + last.count)
        blocks.removeLast()
      }
      blocks.append(block)
    }
    var highest = 0.0
    return blocks.flatMap { block in
      highest = max(highest, min(block.sum / Double(block.count), .greatestFiniteMagnitude))
      return Array(repeating: highest, count: block.count)
    }
  }
}

/// An error curve on which every further weight costs at least as much as the one before.
struct ConvexErrorCurve {
  /// Weights that all cost the same.
  struct Segment {
    /// How many, at least 1.
    let weights: Int
    /// The error that each adds, at least 0.
    let cost: Double
  }

  /// In the order in which weights go; costs never fall.
  let segments: [Segment]

  /// The lower hull of `points`, whose counts fall and whose errors do not (Andrew's chain).
  fileprivate init(below points: [ErrorCurve.Point]) {
    var hull: [ErrorCurve.Point] = []
    for point in points {
      while hull.count >= 2,
        Self.cost(hull[hull.count - 2], hull[hull.count - 1])
          >= Self.cost(hull[hull.count - 1], point)
      {
        hull.removeLast()
      }
      hull.append(point)
    }
    var highest = 0.0
    segments = zip(hull, hull.dropFirst()).map { start, end in
      // A quotient of rounded differences could fall by a unit in the last place.
      highest = max(highest, Self.cost(start, end))
      return Segment(weights: start.kept - end.kept, cost: highest)
    }
  }

  /// What each weight costs between two points.
  private static func cost(_ start: ErrorCurve.Point, _ end: ErrorCurve.Point) -> Double {
    (end.error - start.error) / Double(start.kept - end.kept)
  }

  /// How many weights have costs with bit patterns below `pattern`.
  func count(below pattern: UInt64) -> Int {
    segments.prefix { $0.cost.bitPattern < pattern }.reduce(0) { $0 + $1.weights }
  }

  /// What the first `removed` weights cost together.
  func error(removing removed: Int) -> Double {
    var (left, sum) = (removed, 0.0)
    for segment in segments where left > 0 {
      sum += segment.cost * Double(min(left, segment.weights))
      left -= segment.weights
    }
    return sum
  }
}
