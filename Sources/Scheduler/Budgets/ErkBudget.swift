/// Densities after Erdős and Rényi: the smaller a layer, the denser it stays.
///
/// In a fully connected layer the density is ε·(inputs + outputs)/(inputs·outputs), so the layer
/// keeps ε·(inputs + outputs) weights. Layers for which that is more than they have stay as
/// they are, and ε grows for the others until the total is met.
///
/// Source: Mocanu et al., "Scalable training of artificial neural networks with adaptive sparse
/// connectivity", 2018, Eq. 1; Evci et al., "Rigging the lottery", 2020, Sec. 3(1), whose kernel
/// extension (ERK) is the same without convolutions.
package struct ErkBudget: BudgetPolicy {
  package init() {}

  package var name: String { "erk" }

  package var basis: BudgetBasis { .shapes }

  package func keptCounts(_ demand: BudgetDemand) -> [Int] {
    Apportionment.counts(
      shares: demand.layers.map { UInt128($0.inputs) + UInt128($0.outputs) },
      bounds: demand.bounds, total: demand.kept)
  }
}

extension BudgetPolicy where Self == ErkBudget {
  /// Densities after Erdős and Rényi.
  package static var erk: ErkBudget { ErkBudget() }
}
