/// The least sum of measured errors.
///
/// Weights go in the order of what they cost on each layer's curve made convex, which is the
/// division that a Lagrange multiplier for the total finds: exact for convex curves, and counts
/// never rise where the demand falls. Where a curve is not convex, at most one layer ends inside a
/// stretch that the convex one cuts off, so what a better division could save is at most what is
/// cut off there; `PredictedError` says how much.
///
/// Curves of layers pruned alone are where it begins: the division they give, and those of the
/// policies that measure nothing, are improved by the errors of layers together.
///
/// Source: Fox, "Discrete optimization via marginal analysis", 1966; Everett, "Generalized
/// Lagrange multiplier method", 1963.
package enum OptimalBudget {
  static let rule = BudgetRule(basis: .curves, counts: counts, isRefined: true)

  /// - Throws: `BudgetError.curveMissing`.
  static func counts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    let hulls = try demand.convexCurves()
    let count = demand.bounds.reduce(0) { $0 + $1.most } - demand.kept
    let removed = LevelSearch.removals(count, from: hulls.count) { layer, pattern in
      hulls[layer].count(below: pattern)
    }
    return zip(demand.bounds, removed).map { $0.most - $1 }
  }
}

extension OptimalBudget {
  /// The policies that measure nothing, whose divisions are tried before the search for a better one:
  /// by importances as they are, whatever their degree.
  static let unmeasured: [BudgetPolicy] = [.uniform, .erk, .global, .lamp]

  /// The divisions that the search for the best one begins with: its own by the curves of layers
  /// pruned alone, and those of the policies that measure nothing.
  ///
  /// - Throws: `BudgetError.curveMissing`, `.importancesMissing`.
  package static func starts(_ demand: BudgetDemand) throws(BudgetError) -> [[Int]] {
    var starts = [try counts(demand)]
    for policy in unmeasured { starts.append(try policy.rule.counts(demand)) }
    return starts
  }
}
