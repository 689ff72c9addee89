import NumericCore

/// w² Var(a): how much a weight makes its unit vary, whatever the unit does to the outputs.
///
/// Source: as the fluctuation metric of An et al., "Fluctuation-based adaptive structured pruning (FLAP)",
/// 2024, for single weights.
package struct Variance: PruningCriterion {
  package init() {}

  package var name: String { "variance" }

  package var metric: OutputMetric? { OutputMetric.none }

  /// FLAP adds the mean of what it removes to the bias; the variance is what is left then.
  package var publishedCompensation: CompensationName { .mean }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    EliminationCompensation(metric: .none).importances(context)
  }
}
