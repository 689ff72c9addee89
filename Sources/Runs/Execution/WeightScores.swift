import NeuralNetworks
import NumericCore
import Pruning

/// What is known of the weights of one layer before any of them goes.
package struct WeightScores: Sendable {
  /// hidden1, hidden2, …, output.
  package let layer: String
  /// What removing each weight costs under the criterion, [outputs, inputs].
  package let importance: Matrix
  /// The best shift of the unit's bias for each weight, [outputs, inputs].
  package let shift: Matrix
}

extension PruningTemplate {
  /// What the first step knows of every weight of `network`.
  ///
  /// - Throws: `PruningError`.
  func scores(of network: Network, _ work: StageWork) throws(PruningError) -> [WeightScores] {
    let ranking = criterion.pruningCriterion
    let context = try ScoringContext(
      network: network, samples: samples(work), loss: work.loss,
      metrics: [ranking.metric, criterion.metric].compactMap { $0 }, pool: work.pool,
      draws: draws(work).step(1))
    let importances = try ranking.importances(context)
    let statistics = context.statistics(criterion.metric)
    return network.layers.enumerated().map { index, layer in
      WeightScores(
        layer: layer.name, importance: importances[index],
        shift: statistics.elimination(index, layer: layer, pool: work.pool).shift)
    }
  }
}
