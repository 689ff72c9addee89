import Scheduler

/// How many weights are to stay.
package enum PruningTarget: Sendable {
  /// That many in the whole network, divided among layers by a policy; one element of limits for
  /// each layer.
  case total(Int, policy: any BudgetPolicy, limits: [LayerLimits])
  /// The same, with whole units going as far as the total and limits allow (see `UnitRemoval`).
  case units(Int, policy: any UnitBudget, limits: [LayerLimits])
  /// As many as a call may take time, of which the layers' is known; one element of limits for each.
  case time(TimeLimit, policy: TimedBudget, limits: [LayerLimits])
  /// That many in each layer.
  case layers([Int])

  /// That many in the whole network, which lose weights in portions of `granularity`.
  ///
  /// A policy that does not order units divides single weights.
  package init(
    keeping kept: Int, policy: any BudgetPolicy, limits: [LayerLimits],
    granularity: PruningGranularity
  ) {
    if granularity == .unit, let policy = policy as? any UnitBudget {
      self = .units(kept, policy: policy, limits: limits)
    } else {
      self = .total(kept, policy: policy, limits: limits)
    }
  }

  /// What is demanded of each layer besides; nil where counts are stated.
  var limits: [LayerLimits]? {
    switch self {
    case .total(_, _, let limits), .units(_, _, let limits), .time(_, _, let limits): limits
    case .layers: nil
    }
  }

  /// The groups along a row of which the same number of weights stays; nil for none.
  var pattern: GroupPattern? {
    if case .total(_, let policy as GroupBudget, _) = self { return policy.pattern }
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
    case .units:
      preconditionFailure("what units leave in a layer depends on which weights they have left")
    case .time:
      preconditionFailure("what a time leaves in a layer depends on its curve")
    case .layers(let counts):
      precondition(counts.count == layers.count, "a count for each layer")
      for (layer, count) in zip(layers, counts) where count < 0 || count > layer.remaining {
        throw .layerCount(layer: layer.name, demanded: count, remaining: layer.remaining)
      }
      return counts
    }
  }
}
