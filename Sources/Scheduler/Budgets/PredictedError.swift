/// What error curves say of a division of weights among layers.
package struct PredictedError: Sendable, Equatable {
  /// The error of each layer pruned alone.
  package let layers: [Double]
  /// By how much the sum of the best division can be smaller at most.
  package let gap: Double

  /// The errors summed, as if layers did not act on each other.
  package var total: Double { layers.reduce(0, +) }

  /// What the curves say of keeping `counts`, which meet `demand`.
  ///
  /// The gap is to the least sum of the convex curves, which no division can go below.
  ///
  /// - Throws: `BudgetError.curveMissing`.
  package init(keeping counts: [Int], for demand: BudgetDemand) throws(BudgetError) {
    let curves = try demand.curves()
    layers = zip(curves, counts).map { $0.error(keeping: $1) }
    let best = try OptimalBudget.counts(demand)
    var bound = 0.0
    for (layer, hull) in try demand.convexCurves().enumerated() {
      bound +=
        curves[layer].points[0].error
        + hull.error(removing: demand.bounds[layer].most - best[layer])
    }
    gap = max(0, layers.reduce(0, +) - bound)
  }
}

extension BudgetDemand {
  /// The curve of every layer, each going down to the layer's least count.
  ///
  /// - Throws: `BudgetError.curveMissing`.
  func curves() throws(BudgetError) -> [ErrorCurve] {
    var curves: [ErrorCurve] = []
    for (layer, bounds) in zip(layers, bounds) {
      guard let curve = layer.curve, curve.points[curve.points.count - 1].kept <= bounds.least
      else { throw .curveMissing(layer: layer.name, least: bounds.least) }
      curves.append(curve)
    }
    return curves
  }

  /// The same made convex between the bounds of each layer.
  ///
  /// - Throws: `BudgetError.curveMissing`.
  func convexCurves() throws(BudgetError) -> [ConvexErrorCurve] {
    zip(try curves(), bounds).map { $0.convexHull(downTo: $1.least) }
  }
}
