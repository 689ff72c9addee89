import Scheduler

/// How many weights are to stay.
package enum PruningTarget: Sendable {
  /// That many in the whole network, divided as a budget says; one element of limits for each layer.
  /// Where whole units go, as many as the total and limits allow (see `UnitRemoval`).
  case total(Int, budget: Budget, limits: [LayerLimits])
  /// As many as a call may take time, of which the layers' is known; one element of limits for each.
  case time(TimeLimit, ladder: PruningLadder, limits: [LayerLimits])
  /// That many in each layer.
  case layers([Int])

  /// What is demanded of each layer besides; nil where counts are stated.
  var limits: [LayerLimits]? {
    switch self {
    case .total(_, _, let limits), .time(_, _, let limits): limits
    case .layers: nil
    }
  }

  /// How weights are divided among layers; nil where counts are stated or measured.
  var budget: Budget? {
    if case .total(_, let budget, _) = self { return budget }
    return nil
  }
}
