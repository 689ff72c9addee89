import Scheduler

/// How many weights are to stay.
package enum PruningTarget: Sendable {
  /// That many in the whole network, divided among layers by a policy; one element of limits for
  /// each layer.
  case total(Int, policy: any BudgetPolicy, limits: [LayerLimits])
  /// That many in each layer.
  case layers([Int])

  /// What is demanded of each layer besides; nil where counts are stated.
  var limits: [LayerLimits]? {
    if case .total(_, _, let limits) = self { return limits }
    return nil
  }

  /// The number each layer keeps.
  ///
  /// - Throws: what the policy throws; `.layerCount` for a layer of which more is demanded than it
  ///   has.
  func keptCounts(of layers: [LayerProfile]) throws(BudgetError) -> [Int] {
    switch self {
    case .total(let kept, let policy, let limits):
      return try policy.keptCounts(BudgetDemand(keeping: kept, of: layers, limits: limits))
    case .layers(let counts):
      precondition(counts.count == layers.count, "a count for each layer")
      for (layer, count) in zip(layers, counts) where count < 0 || count > layer.remaining {
        throw .layerCount(layer: layer.name, demanded: count, remaining: layer.remaining)
      }
      return counts
    }
  }
}
