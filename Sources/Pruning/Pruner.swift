import NeuralNetworks
import NumericCore
import Scheduler

/// Removes the least important weights of a network and compensates for them, in one step or in several
/// with importances measured anew between them.
///
/// Masks are nested: what was removed stays removed. Counts are exact. Ties go by (importance, layer,
/// row-major index), so the same model and samples always give the same masks.
package struct Pruner: Sendable {
  private let criterion: any PruningCriterion
  private let compensation: any Compensation

  package init(criterion: any PruningCriterion, compensation: any Compensation) {
    self.criterion = criterion
    self.compensation = compensation
  }

  /// Prunes `state` to `target`, scoring weights on `samples`.
  ///
  /// The moments of removed weights become 0 where the state has an optimizer; those of other weights
  /// stay, whatever compensation does to the weights.
  ///
  /// - Parameters:
  ///   - loss: what the network was trained for.
  ///   - draws: decides what scoring draws at random.
  /// - Returns: the pruned model, and what was removed from each layer.
  /// - Throws: `PruningError`.
  package func prune(
    _ state: ModelState, to target: PruningTarget, samples: SampleSet, loss: Loss,
    draws: ScoringDraws = ScoringDraws(), pool: WorkerPool
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    try prune(
      state, through: [target], samples: samples, loss: loss, draws: draws, pool: pool)
  }

  /// Prunes `state` to each of `targets` (at least one) in turn, without training in between; all steps
  /// score on the same samples.
  ///
  /// - Throws: `PruningError`.
  package func prune(
    _ state: ModelState, through targets: [PruningTarget], samples: SampleSet, loss: Loss,
    draws: ScoringDraws = ScoringDraws(), pool: WorkerPool
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    precondition(!targets.isEmpty, "at least one target")
    var state = state
    var context: ScoringContext?
    var report: PruningReport?
    for (index, target) in targets.enumerated() {
      let next = try ScoringContext(
        network: state.network, samples: samples, loss: loss,
        metrics: [criterion.metric, compensation.metric].compactMap { $0 }, pool: pool,
        draws: draws.step(index + 1), regresses: compensation.regresses, after: context)
      let step = try prune(&state, to: target, next)
      report = report.map { $0.followed(by: step) } ?? step
      context = next
    }
    return (state, report!)
  }

  /// One step.
  private func prune(
    _ state: inout ModelState, to target: PruningTarget, _ context: ScoringContext
  ) throws(PruningError) -> PruningReport {
    let importances = try criterion.importances(context)
    let selections = try WeightSelection.selections(
      by: criterion, importances, of: state.network.layers, target)
    for (index, selection) in selections.enumerated() where !selection.weights.isEmpty {
      state.network.layers[index].remove(selection.weights)
    }
    let compensated = compensation.apply(
      to: &state.network, removed: selections.map(\.weights), context)
    for layer in state.network.layers where !layer.bias.allSatisfy(\.isFinite) {
      throw .biasNotFinite(layer: layer.name)
    }
    state.optimizer?.apply(masksOf: state.network)

    let layers = zip(state.network.layers, selections).map { layer, selection in
      PruningReport.Layer(
        name: layer.name, weights: layer.weights.count, removed: selection.weights.count,
        remaining: layer.remaining, largestRemovedImportance: selection.largestImportance)
    }
    return PruningReport(layers: layers, steps: 1, compensation: compensated)
  }
}

extension DenseLayer {
  /// Prunes the weights `indices`, on top of what is pruned already.
  fileprivate mutating func remove(_ indices: [Int]) {
    var mask = mask ?? Mask(rows: outputs, columns: inputs)
    for index in indices { mask.remove(index) }
    apply(mask)
  }
}
