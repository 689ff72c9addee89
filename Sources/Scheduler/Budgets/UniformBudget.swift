/// The same density in every layer, as far as bounds and rounding allow.
enum UniformBudget {
  /// Of units, the same share of every hidden layer's.
  static let rule = BudgetRule(
    basis: .shapes, counts: counts,
    units: UnitRule(keys: { $0.keys(share: Double($0.width)) }, counts: counts))

  static func counts(_ demand: BudgetDemand) -> [Int] {
    Apportionment.counts(
      shares: demand.layers.map { UInt128($0.weights) }, bounds: demand.bounds, total: demand.kept)
  }
}
