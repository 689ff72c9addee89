/// A stated sparsity for each layer, the later rule's where two state one.
///
/// When the network keeps `total`, every layer is at its stated sparsity, rounded like any
/// other. With more to keep, as in earlier rounds, all densities are larger by one factor as far
/// as bounds allow. Less would go below what is stated and is an error.
enum ManualBudget {
  static let rule = BudgetRule(
    basis: .shapes, counts: counts, total: total,
    units: UnitRule(keys: unitKeys, counts: UniformBudget.counts, total: unitTotal))

  /// Shares are in units of 10^-12 of a layer, so that decimals are exact.
  private static let shareUnit = 1e12

  /// How many weights the network keeps with every layer at its stated sparsity, within `limits`:
  /// the target that follows where the schedule names none.
  ///
  /// - Throws: `BudgetError.layerNotStated`.
  static func total(_ layers: [LayerProfile], _ limits: [LayerLimits]) throws(BudgetError) -> Int {
    var total = 0
    for (layer, limits) in zip(layers, limits) {
      total += try raise(limits.bounds(of: layer), of: layer).least
    }
    return total
  }

  /// - Throws: `BudgetError.layerNotStated`, and `.tooFewKept` below the stated total.
  static func counts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    let raised = try demand.raisingLeast { (layer, bounds) throws(BudgetError) in
      try raise(bounds, of: layer)
    }
    let shares = zip(raised.layers, raised.bounds).map { layer, bounds in
      let density = 1 - (bounds.stated?.fraction ?? 0)
      return UInt128(max(1, (density * shareUnit).rounded())) * UInt128(layer.weights)
    }
    return Apportionment.counts(shares: shares, bounds: raised.bounds, total: raised.kept)
  }

  /// Bounds whose least count is the stated one where the limits admit it.
  private static func raise(
    _ bounds: LayerBounds, of layer: LayerProfile
  ) throws(BudgetError) -> LayerBounds {
    guard let sparsity = bounds.stated else {
      guard bounds.least == bounds.most else { throw .layerNotStated(layer: layer.name) }
      return bounds
    }
    let count = min(sparsity.kept(of: layer.weights), bounds.most)
    guard count > bounds.least else { return bounds }
    return LayerBounds(
      least: count, most: bounds.most, constraint: .stated(sparsity), stated: sparsity)
  }
}
