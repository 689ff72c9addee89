import NeuralNetworks
import NumericCore

/// A model whose weights have been scored, to be pruned to several targets, each on its own.
///
/// Each result has the same bits as `Pruner.prune` to that target alone.
package struct ScoredModel: Sendable {
  let pruner: Pruner
  let state: ModelState
  let context: ScoringContext
  /// One matrix [outputs, inputs] a layer.
  let importances: [Matrix]

  /// The network before it is pruned.
  package var network: Network { state.network }

  /// The model pruned to `target`, and what was removed from each layer.
  ///
  /// - Throws: `PruningError`.
  package func pruned(
    to target: PruningTarget
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    var state = state
    let report = try pruner.prune(
      &state, to: target, by: importances, regrowth: pruner.regrowth, context)
    return (state, report)
  }
}
