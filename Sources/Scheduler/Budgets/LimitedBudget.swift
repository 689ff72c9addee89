/// The least error within a limit of what the network may take, in place of a sparsity.
package struct LimitedBudget: MeasuredBudget, StatedBudget, Equatable {
  /// How the weights that fit are divided.
  package let optimal: OptimalBudget
  package let limit: ResourceLimit

  package init(_ optimal: OptimalBudget = .optimal, limit: ResourceLimit) {
    self.optimal = optimal
    self.limit = limit
  }

  package var name: String { optimal.name }

  package var ladder: PruningLadder { optimal.ladder }

  package var isRefined: Bool { optimal.isRefined }

  /// The most weights that fit, of all that the layers ever had.
  ///
  /// - Throws: `BudgetError.limitTooSmall` where the layers have to keep more.
  package func statedTotal(
    of layers: [LayerProfile], limits: [LayerLimits]
  ) throws(BudgetError) -> Int {
    precondition(layers.count == limits.count, "one element of limits for each layer")
    let most = limit.mostKept(of: layers)
    let bounds = zip(layers, limits).map { $1.bounds(of: $0) }
    let least = bounds.reduce(0) { $0 + $1.least }
    guard most >= least else {
      throw .limitTooSmall(
        limit, kept: least, feasible: limit.cost(keeping: least, of: layers),
        binding: BudgetDemand.binding(layers, bounds))
    }
    return most
  }

  /// - Throws: `BudgetError.curveMissing`.
  package func keptCounts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    try optimal.keptCounts(demand)
  }
}
