/// Densities after Erdős and Rényi: the smaller a layer, the denser it stays.
///
/// In a fully connected layer the density is ε·(inputs + outputs)/(inputs·outputs), so the layer
/// keeps ε·(inputs + outputs) weights. Layers for which that is more than they have stay as
/// they are, and ε grows for the others until the total is met.
///
/// Source: Mocanu et al., "Scalable training of artificial neural networks with adaptive sparse
/// connectivity", 2018, Eq. 1; Evci et al., "Rigging the lottery", 2020, Sec. 3(1), whose kernel
/// extension (ERK) is the same without convolutions.
enum ErkBudget {
  /// Units go in proportion to the layer's weights over its inputs, ε·(inputs + outputs)/inputs.
  static let rule = BudgetRule(
    basis: .shapes, counts: counts, units: UnitRule(keys: keys, counts: counts))

  static func counts(_ demand: BudgetDemand) -> [Int] {
    Apportionment.counts(
      shares: demand.layers.map { UInt128($0.inputs) + UInt128($0.outputs) },
      bounds: demand.bounds, total: demand.kept)
  }

  private static func keys(of layer: UnitProfile) -> [Double] {
    let (inputs, outputs) = (Double(layer.inputs), Double(layer.width))
    return layer.keys(share: (inputs + outputs) / max(inputs, 1))
  }
}
