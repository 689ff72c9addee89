/// The least sum of measured errors.
///
/// Weights go in the order of what they cost on each layer's curve made convex, which is the
/// division that a Lagrange multiplier for the total finds: exact for convex curves, and counts
/// never rise where the demand falls. Where a curve is not convex, at most one layer ends inside a
/// stretch that the convex one cuts off, so what a better division could save is at most what is
/// cut off there; `PredictedError` says how much.
///
/// Source: Fox, "Discrete optimization via marginal analysis", 1966; Everett, "Generalized
/// Lagrange multiplier method", 1963.
package struct OptimalBudget: MeasuredBudget, Equatable {
  package let ladder: PruningLadder

  package init(ladder: PruningLadder = .standard) {
    self.ladder = ladder
  }

  package var name: String { "optimal" }

  /// - Throws: `BudgetError.curveMissing`.
  package func keptCounts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    let hulls = try demand.convexCurves()
    let count = demand.bounds.reduce(0) { $0 + $1.most } - demand.kept
    let removed = LevelSearch.removals(count, from: hulls.count) { layer, pattern in
      hulls[layer].count(below: pattern)
    }
    return zip(demand.bounds, removed).map { $0.most - $1 }
  }
}

extension BudgetPolicy where Self == OptimalBudget {
  /// The least sum of measured errors.
  package static var optimal: OptimalBudget { OptimalBudget() }
}
