/// Which layer keeps how much.
///
/// For every demand a policy returns one count a layer. They sum exactly to the demanded count, are
/// within the bounds, never rise where the demand falls, and follow the layers when these are
/// reordered, except for ties, which go by position.
package protocol BudgetPolicy: Sendable {
  /// The name of the policy in a schedule.
  var name: String { get }

  /// What the counts follow from, beside shapes and limits.
  var basis: BudgetBasis { get }

  /// The number of weights each layer keeps.
  ///
  /// - Throws: `BudgetError.importancesMissing` or `.curveMissing` where the policy needs such, and
  ///   what the policy itself cannot do.
  func keptCounts(_ demand: BudgetDemand) throws(BudgetError) -> [Int]
}

/// What a policy has to know of every layer.
package enum BudgetBasis: Sendable {
  /// Its shape alone.
  case shapes
  /// The importance of each remaining weight.
  case importances
  /// What pruning it alone costs, measured at several counts.
  case curves
}

extension BudgetPolicy {
  /// Whether the counts follow from shapes and limits alone, so that a plan can state them before
  /// anything runs.
  package var fixesCountsInAdvance: Bool { basis == .shapes }

  /// The counts of each layer after each of several rounds, which keep `totals`, never rising; nil
  /// if they depend on what is measured.
  ///
  /// - Throws: `BudgetError` for the first round that is not feasible.
  package func plannedCounts(
    keeping totals: [Int], of layers: [LayerProfile], limits: [LayerLimits]
  ) throws(BudgetError) -> [[Int]]? {
    guard fixesCountsInAdvance else { return nil }
    var layers = layers
    var rounds: [[Int]] = []
    for total in totals {
      let demand = try BudgetDemand(keeping: total, of: layers, limits: limits)
      let counts = try keptCounts(demand)
      for (index, count) in counts.enumerated() {
        layers[index] = try layers[index].with(remaining: count)
      }
      rounds.append(counts)
    }
    return rounds
  }
}
