import NumericCore

/// w² E[h a²]: the influence on the outputs that removing a weight has to first order, with nothing
/// making up for it. It is elimination-compensation without compensation.
///
/// Source: Molchanov et al., "Importance estimation for neural network pruning", 2019, Eq. 7, with
/// outputs under a metric in the place of the loss.
package struct Taylor: PruningCriterion {
  private let outputMetric: OutputMetric

  package init(metric: OutputMetric) { outputMetric = metric }

  package var name: String { "taylor" }

  package var metric: OutputMetric? { outputMetric }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    let statistics = context.statistics(outputMetric)
    return context.network.layers.enumerated().map { statistics.energy($0, layer: $1) }
  }
}
