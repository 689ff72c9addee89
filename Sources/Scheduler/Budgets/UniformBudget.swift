/// The same density in every layer, as far as bounds and rounding allow.
package struct UniformBudget: BudgetPolicy {
  package init() {}

  package var name: String { "uniform" }

  package var basis: BudgetBasis { .shapes }

  package func keptCounts(_ demand: BudgetDemand) -> [Int] {
    Apportionment.counts(
      shares: demand.layers.map { UInt128($0.weights) }, bounds: demand.bounds, total: demand.kept)
  }
}

extension BudgetPolicy where Self == UniformBudget {
  /// The same density in every layer.
  package static var uniform: UniformBudget { UniformBudget() }
}
