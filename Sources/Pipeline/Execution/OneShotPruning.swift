import NeuralNetworks
import NumericCore
import Pruning
import Scheduler

/// How `prune` scores weights, removes them and makes up for them, without training.
package struct OneShotPruning: Sendable {
  /// What makes up for removed weights.
  package enum Compensation: String, Sendable, CaseIterable {
    /// The bias shifts that elimination-compensation finds best.
    case ec
  }

  /// The numbers of steps there are.
  package static let stepRange = 1...1

  package let criterion: CriterionSettings.Criterion
  package let metric: OutputMetric
  package let compensation: Compensation
  /// Prunings in a row, each measured anew; one of `stepRange`.
  package let steps: Int

  package init(
    criterion: CriterionSettings.Criterion, metric: OutputMetric, compensation: Compensation,
    steps: Int
  ) {
    precondition(Self.stepRange.contains(steps))
    self.criterion = criterion
    self.metric = metric
    self.compensation = compensation
    self.steps = steps
  }

  /// `state` with `kept` weights left of the whole network, by one ranking.
  ///
  /// - Throws: `PruningError`.
  package func prune(
    _ state: ModelState, keeping kept: Int, samples: SampleSet, loss: Loss, pool: WorkerPool
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    let limits = state.network.layers.map { _ in LayerLimits.none }
    return try Pruner(criterion: scoring, compensation: shifting).prune(
      state, to: .total(kept, policy: .global, limits: limits), samples: samples, loss: loss,
      pool: pool)
  }

  /// What the first step knows of every weight of `network`.
  ///
  /// - Throws: `PruningError`.
  package func scores(
    of network: Network, samples: SampleSet, loss: Loss, pool: WorkerPool
  ) throws(PruningError) -> [WeightScores] {
    let context = try ScoringContext(
      network: network, samples: samples, loss: loss,
      metrics: [scoring.metric, metric].compactMap { $0 }, pool: pool)
    let importances = try scoring.importances(context)
    let statistics = context.statistics(metric)
    return network.layers.enumerated().map { index, layer in
      WeightScores(
        layer: layer.name, importance: importances[index],
        shift: statistics.elimination(index, layer: layer, pool: pool).shift)
    }
  }

  private var scoring: any PruningCriterion {
    switch criterion {
    case .ec: .ec(metric: metric)
    }
  }

  private var shifting: any Pruning.Compensation {
    switch compensation {
    case .ec: .ec(metric: metric)
    }
  }
}

/// What is known of the weights of one layer before any of them goes.
package struct WeightScores: Sendable {
  /// hidden1, hidden2, …, output.
  package let layer: String
  /// What removing each weight costs under the criterion, [outputs, inputs].
  package let importance: Matrix
  /// The best shift of the unit's bias for each weight, [outputs, inputs].
  package let shift: Matrix
}
