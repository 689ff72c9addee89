import NumericCore

/// The paper's criterion: what is left of a weight's influence on the outputs, to first order, after
/// the bias has made up for its removal as well as it can.
///
///     I = min over d of E_x Σ_k (∂y_k/∂w · w − ∂y_k/∂b · d)²
///
/// Source: Ballini et al., arXiv 2602.20467, Eq. 5.
package struct EliminationCompensation: PruningCriterion {
  private let outputMetric: OutputMetric

  package init(metric: OutputMetric) { outputMetric = metric }

  package var name: String { "ec" }

  package var metric: OutputMetric? { outputMetric }

  /// Section 3: the bias takes what the importance takes for granted.
  package var publishedCompensation: CompensationName { .ec }

  package var presumesCompensation: Bool { true }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    let statistics = context.statistics(outputMetric)
    return context.network.layers.enumerated().map { index, layer in
      statistics.elimination(index, layer: layer, pool: context.pool).importance
    }
  }
}

extension PruningCriterion where Self == EliminationCompensation {
  /// Elimination-compensation under `metric`.
  package static func ec(metric: OutputMetric) -> EliminationCompensation {
    EliminationCompensation(metric: metric)
  }
}
