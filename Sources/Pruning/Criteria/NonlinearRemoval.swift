import Engine
import NeuralNetworks
import NumericCore

/// E‖Δy‖² of really removing each weight alone, its unit's mean preserved by the bias, measured by forward
/// passes: what the other criteria approximate. Its cost grows with the square of the network's size.
///
/// Source: Ballini et al., arXiv 2602.20467, Eq. 3.
package struct NonlinearRemoval: PruningCriterion {
  /// Multiply-adds of one scoring above which a schedule has to say `force: true`: minutes on one core.
  package static let largestCost = 1e12

  package init() {}

  package var name: String { "nonlinear" }

  package var metric: OutputMetric? { OutputMetric.none }

  /// Eq. 3 measures removals that keep the unit's mean.
  package var publishedCompensation: CompensationName { .mean }

  package func multiplyAdds(widths: [Int], samples: Int) -> Double {
    SingleRemoval.multiplyAdds(widths: widths, samples: samples)
  }

  package func importances(_ context: ScoringContext) -> [Matrix] {
    let statistics = context.statistics(.none)
    let layers = context.network.layers
    return SingleRemoval.costs(
      layers,
      means: layers.indices.map { statistics.means($0, unit: 0) ?? [] },
      data: context.samples.inputs, rows: context.samples.indices, pool: context.pool)
  }
}
