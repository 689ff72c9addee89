import NeuralNetworks
import NumericCore
import Scheduler

/// Removes the least important weights of a network and compensates for them: one round.
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
  /// The moments of removed weights become 0 where the state has an optimizer.
  ///
  /// - Parameter loss: what the network was trained for.
  /// - Returns: the pruned model, and what was removed from each layer.
  /// - Throws: `PruningError`.
  package func prune(
    _ state: ModelState, to target: PruningTarget, samples: SampleSet, loss: Loss, pool: WorkerPool
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    let context = try ScoringContext(
      network: state.network, samples: samples, loss: loss,
      metrics: [criterion.metric, compensation.metric].compactMap { $0 }, pool: pool)
    let importances = try criterion.importances(context)
    let kept = state.network.layers.map(\.keptIndices)
    let selections = try select(target, layers: state.network.layers, kept: kept, importances)

    var result = state
    for (index, selection) in selections.enumerated() where !selection.weights.isEmpty {
      result.network.layers[index].remove(selection.weights)
    }
    compensation.apply(to: &result.network, removed: selections.map(\.weights), context)
    for layer in result.network.layers where !layer.bias.allSatisfy(\.isFinite) {
      throw .biasNotFinite(layer: layer.name)
    }
    result.optimizer?.apply(masksOf: result.network)

    let layers = zip(result.network.layers, selections).map { layer, selection in
      PruningReport.Layer(
        name: layer.name, weights: layer.weights.count, removed: selection.weights.count,
        remaining: layer.remaining, largestRemovedImportance: selection.largestImportance)
    }
    return (result, PruningReport(layers: layers))
  }

  /// The weights of one layer that go.
  private struct Selection {
    /// Row-major indices, ascending.
    let weights: [Int]
    let largestImportance: Float?
  }

  private func select(
    _ target: PruningTarget, layers: [DenseLayer], kept: [[Int]], _ importances: [Matrix]
  ) throws(PruningError) -> [Selection] {
    do throws(BudgetError) {
      var profiles: [LayerProfile] = []
      for (index, layer) in layers.enumerated() {
        let ranked = importances[index].withSpan { span in kept[index].map { span[$0] } }
        profiles.append(
          try LayerProfile(
            name: layer.name, outputs: layer.outputs, inputs: layer.inputs,
            remaining: kept[index].count, importances: ranked))
      }
      var selections: [Selection] = []
      for (index, count) in try target.keptCounts(of: profiles).enumerated() {
        let removed = try profiles[index].removedIndices(keeping: count)
        selections.append(
          Selection(
            weights: removed.map { kept[index][$0] },
            largestImportance: removed.lazy.map { profiles[index].importances![$0] }.max()))
      }
      return selections
    } catch {
      throw .budget(error)
    }
  }
}

extension DenseLayer {
  /// Row-major indices of the weights that are not pruned, ascending.
  fileprivate var keptIndices: [Int] { mask?.keptIndices ?? Array(0..<weights.count) }

  /// Prunes the weights `indices`, on top of what is pruned already.
  fileprivate mutating func remove(_ indices: [Int]) {
    var mask = mask ?? Mask(rows: outputs, columns: inputs)
    for index in indices { mask.remove(index) }
    apply(mask)
  }
}
