import Scheduler

/// What one pruning round did, over all of its steps.
package struct PruningReport: Sendable, Equatable {
  /// One layer's part in it.
  package struct Layer: Sendable, Equatable {
    package let name: String
    /// Weights before any were ever removed.
    package let weights: Int
    /// Weights removed in this round.
    package let removed: Int
    /// Pruned weights brought back in this round.
    package let regrown: Int
    /// Units removed whole in this round, with all weights to and from them.
    package let units: Int
    /// Weights left.
    package let remaining: Int
    /// The largest importance that was removed; nil where nothing was.
    package let largestRemovedImportance: Float?
  }

  /// From the inputs upwards.
  package let layers: [Layer]
  /// Steps in which it was done, importances measured anew before each.
  package let steps: Int
  /// What refitting survivors saved over shifting biases; nil for compensations that do not refit.
  package let compensation: CompensationReport?
  /// By which curves the last step's counts were chosen; nil for policies that measure none.
  package let budget: BudgetReport?
  /// What refining the survivors did behind the last step; nil where nothing was refined.
  package var refinement: RefinementReport? = nil

  /// Weights left in the whole network.
  package var remaining: Int { layers.reduce(0) { $0 + $1.remaining } }

  /// Weights removed in this round from the whole network.
  package var removed: Int { layers.reduce(0) { $0 + $1.removed } }

  /// Pruned weights brought back in this round in the whole network.
  package var regrown: Int { layers.reduce(0) { $0 + $1.regrown } }

  /// The largest importance that was removed anywhere: the threshold, where one holds for the whole
  /// network; nil where nothing was removed.
  package var largestRemovedImportance: Float? {
    layers.compactMap(\.largestRemovedImportance).max()
  }

  /// This report and that of the step behind it as one.
  func followed(by next: PruningReport) -> PruningReport {
    PruningReport(
      layers: zip(layers, next.layers).map { first, second in
        Layer(
          name: first.name, weights: first.weights, removed: first.removed + second.removed,
          regrown: first.regrown + second.regrown, units: first.units + second.units,
          remaining: second.remaining,
          largestRemovedImportance: [
            first.largestRemovedImportance, second.largestRemovedImportance,
          ].compactMap { $0 }.max())
      },
      steps: steps + next.steps,
      compensation: compensation.flatMap { first in
        next.compensation.map { first.followed(by: $0) }
      },
      budget: next.budget)
  }
}

/// What pruning was measured to cost, and what the chosen counts come to.
package struct BudgetReport: Sendable, Equatable {
  /// In which errors are measured: `fisher` stands for the divergence between predictive
  /// distributions, others for ‖Δy‖².
  package let metric: OutputMetric
  /// Of each layer pruned alone, from the inputs upwards.
  package let curves: [ErrorCurve]
  /// What those say of each layer at the chosen counts.
  package let alone: [Double]
  /// The error with all layers at the chosen counts, as measured.
  package let error: Double
  /// By how much another division could be better at most, if layers acted on the error
  /// independently: by the curves of each layer alone, or, where the division was improved by
  /// errors of layers together, by its curves about that division.
  package let gap: Double
  /// How often layers were measured anew about the division so far; 0 where it was not improved.
  package let passes: Int
  /// Nanoseconds of a call that each layer takes at the chosen counts; nil where no time is limited.
  package var nanoseconds: [Double]? = nil
}
