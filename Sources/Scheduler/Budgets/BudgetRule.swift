/// A way to divide weights among layers: all that is asked of a policy.
package struct BudgetRule: Sendable {
  /// One count a layer for a demand. They sum exactly to the demanded count, are within the bounds,
  /// never rise where the demand falls, and follow the layers when these are reordered, except for
  /// ties, which go by position.
  package typealias Counts = @Sendable (BudgetDemand) throws(BudgetError) -> [Int]
  /// How many weights the network keeps with every layer as stated, one element of limits a layer.
  package typealias Total =
    @Sendable (_ layers: [LayerProfile], _ limits: [LayerLimits]) throws(BudgetError) -> Int

  /// What the counts follow from, beside shapes and limits.
  package let basis: BudgetBasis
  /// The number of weights each layer keeps.
  package let counts: Counts
  /// The total that follows from what is stated; nil where nothing is.
  package var total: Total? = nil
  /// How whole units go; nil for a policy that does not order them.
  package var units: UnitRule? = nil
  /// Whether its division is then improved by the errors of layers together, see
  /// `DivisionRefinement`; so it can go by a limit in place of a sparsity.
  package var isRefined = false
}

/// What a policy has to know of every layer.
package enum BudgetBasis: Sendable {
  /// Its shape alone, so that a plan can state the counts before anything runs.
  case shapes
  /// The importance of each remaining weight.
  case importances
  /// What pruning it alone costs, measured at several counts.
  case curves
}
