/// The same measured error in every layer: one level, and each layer keeps the fewest weights with
/// which its error is at most that, as far as bounds let it.
///
/// The last weights, whose layers are all at the level, are taken from the first of them.
enum SensitivityBudget {
  static let rule = BudgetRule(basis: .curves, counts: counts)

  /// - Throws: `BudgetError.curveMissing`.
  static func counts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    let curves = try demand.curves()
    let removable = demand.bounds.map { $0.most - $0.least }
    let count = demand.bounds.reduce(0) { $0 + $1.most } - demand.kept
    let removed = LevelSearch.removals(count, from: curves.count) { layer, pattern in
      let most = demand.bounds[layer].most
      var (low, high) = (0, removable[layer])
      while low < high {
        let middle = (low + high + 1) / 2
        if curves[layer].error(keeping: most - middle).bitPattern < pattern {
          low = middle
        } else {
          high = middle - 1
        }
      }
      return low
    }
    return zip(demand.bounds, removed).map { $0.most - $1 }
  }
}
