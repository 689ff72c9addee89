/// The least sum of measured errors within a time.
///
/// Each layer's error is seen as a function of the layer's time and made convex. Weights go in the
/// order of the error that a nanosecond costs on these curves, which is the division that a Lagrange
/// multiplier for the time finds, until the time is met; the last layer keeps as many as the limit
/// lets it. A shorter time never keeps more of a layer.
///
/// Source: Everett, "Generalized Lagrange multiplier method", 1963; as `OptimalBudget`, with what a
/// weight takes in place of the weight.
package struct TimeDivision: Sendable, Equatable {
  /// Weights to keep of each layer.
  package let counts: [Int]
  /// The least sum of the convex curves within the limit, which no division can go below.
  package let leastError: Double

  /// - Parameters:
  ///   - layers: with their curves, each down to its least count.
  ///   - bounds: one element a layer.
  /// - Throws: `BudgetError.timeTooShort`, `.curveMissing`.
  package init(
    of layers: [LayerProfile], bounds: [LayerBounds], within limit: TimeLimit
  ) throws(BudgetError) {
    precondition(layers.count == bounds.count && layers.count == limit.times.count)
    try limit.demandFeasible(of: layers, bounds: bounds)
    var counts = bounds.map(\.most)
    var (error, steps) = (0.0, [Step]())
    for (index, layer) in layers.enumerated() {
      guard let curve = layer.curve,
        curve.points[curve.points.count - 1].kept <= bounds[index].least
      else { throw .curveMissing(layer: layer.name, least: bounds[index].least) }
      error += curve.error(keeping: bounds[index].most)
      steps += Self.steps(
        layer: index, curve: curve, time: limit.times[index], within: bounds[index])
    }
    // Steps of one layer are in order already: their slopes never fall.
    steps.sort { ($0.slope, $0.layer, $0.start) < ($1.slope, $1.layer, $1.start) }
    for step in steps {
      let total = limit.nanoseconds(keeping: counts)
      if total <= limit.nanoseconds { break }
      let start = counts[step.layer]
      counts[step.layer] = step.kept
      error += step.slope * min(step.time, total - limit.nanoseconds)
      guard limit.admits(counts) else { continue }
      var (low, high) = (step.kept, start)
      while low < high {
        counts[step.layer] = low + (high - low + 1) / 2
        if limit.admits(counts) { low = counts[step.layer] } else { high = counts[step.layer] - 1 }
      }
      counts[step.layer] = low
      break
    }
    self.counts = counts
    leastError = error
  }

  /// Weights of a layer that all cost the same error for the time that they save.
  private struct Step {
    let layer: Int
    /// Its place among the layer's.
    let start: Int
    /// What is left of the layer after it.
    let kept: Int
    /// Nanoseconds that it saves, above 0.
    let time: Double
    /// Error for a nanosecond.
    let slope: Double
  }

  /// A division of one layer.
  private struct Corner {
    let kept: Int
    let time: Double
    let error: Double

    /// Error for each nanosecond saved between this and `next`, which takes less.
    func slope(to next: Corner) -> Double { (next.error - error) / (time - next.time) }
  }

  /// The sides of the lower hull (Andrew's chain) of error over time. Both are linear between the
  /// corners, so it is the hull of all divisions.
  private static func steps(
    layer: Int, curve: ErrorCurve, time: LayerTime, within bounds: LayerBounds
  ) -> [Step] {
    let inner = (curve.points.map(\.kept) + time.points.map(\.kept)).filter {
      $0 > bounds.least && $0 < bounds.most
    }
    var hull: [Corner] = []
    for kept in Set(inner + [bounds.least, bounds.most]).sorted(by: >) {
      let corner = Corner(
        kept: kept, time: time.nanoseconds(keeping: kept), error: curve.error(keeping: kept))
      // Fewer weights in the same time are of no use.
      if let last = hull.last, corner.time >= last.time { continue }
      while hull.count >= 2,
        hull[hull.count - 2].slope(to: hull[hull.count - 1])
          >= hull[hull.count - 1].slope(to: corner)
      {
        hull.removeLast()
      }
      hull.append(corner)
    }
    var highest = 0.0
    return zip(hull, hull.dropFirst()).enumerated().map { index, side in
      // A quotient of rounded differences could fall by a unit in the last place.
      highest = max(highest, side.0.slope(to: side.1))
      return Step(
        layer: layer, start: index, kept: side.1.kept, time: side.0.time - side.1.time,
        slope: highest)
    }
  }
}
