/// A stated share of the units of each hidden layer: the policy `manual` where whole units go.
///
/// When a dense network keeps `unitTotal`, every hidden layer has its share of units, rounded as weights
/// are and at least one. With more to keep, as in earlier rounds, units go as under `uniform`, each
/// layer's claim being what it is to keep. The output layer has no units that could go.
extension ManualBudget {
  /// The total that follows from the stated units. A layer that is kept keeps those on both sides of it.
  ///
  /// - Throws: `BudgetError.layerNotStated` for a hidden layer that may lose units; `.unitsNotDense`.
  static func unitTotal(
    _ layers: [LayerProfile], _ limits: [LayerLimits]
  ) throws(BudgetError) -> Int {
    for (layer, limits) in zip(layers, limits) where !limits.keep {
      guard layer.remaining == layer.weights else {
        throw .unitsNotDense(
          layer: layer.name, remaining: layer.remaining, weights: layer.weights)
      }
    }
    var (total, below) = (0, layers.first?.inputs ?? 0)
    for (index, layer) in layers.enumerated() {
      var units = layer.outputs
      if index + 1 < layers.count, !limits[index].keep, !limits[index + 1].keep {
        guard let sparsity = limits[index].stated else { throw .layerNotStated(layer: layer.name) }
        units = Self.units(sparsity, of: layer.outputs)
      }
      total += limits[index].keep ? layer.remaining : below * units
      below = units
    }
    return total
  }

  /// Keys of the units that may go; those that stay have none.
  static func unitKeys(of layer: UnitProfile) -> [Double] {
    guard let stated = layer.stated else { return [] }
    let kept = units(stated, of: layer.width)
    return Array(layer.keys(share: Double(kept)).dropLast(kept))
  }

  /// How many of `width` units stay.
  private static func units(_ sparsity: Sparsity, of width: Int) -> Int {
    max(min(1, width), sparsity.kept(of: width))
  }
}
