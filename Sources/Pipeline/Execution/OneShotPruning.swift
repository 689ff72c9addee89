import NeuralNetworks
import NumericCore
import Pruning
import Scheduler

/// How `prune` scores weights, removes them and makes up for them, without training and without a plan.
package struct OneShotPruning: Sendable {
  package let settings: CriterionSettings

  package init(_ settings: CriterionSettings) { self.settings = settings }

  /// Whether the criterion looks at what the network should make of the samples: at the gradient of the
  /// loss.
  package var needsTargets: Bool {
    switch settings.criterion {
    case .gradientMagnitude, .gradientMagnitudeSigned: true
    case .ec, .magnitude, .taylor, .variance, .wanda, .obd, .random, .nonlinear: false
    }
  }

  /// Whether the criterion looks at the loss that the network was trained for.
  package var needsLoss: Bool { needsTargets || settings.criterion == .obd }

  /// Which layer loses how much: one ranking of the whole network; the same share of every layer where
  /// importances cannot be compared between layers.
  private var policy: any BudgetPolicy {
    settings.pruningCriterion.scope == .row ? .uniform : .global
  }

  /// `state` with `kept` weights left of the whole network, and what was done.
  ///
  /// - Throws: `PruningError`.
  package func prune(
    _ state: ModelState, keeping kept: Int, samples: SampleSet, loss: Loss, pool: WorkerPool
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    let limits = state.network.layers.map { _ in LayerLimits.none }
    let counts = GeometricSteps.counts(
      from: state.network.remaining, to: kept, steps: settings.steps)
    let pruner = Pruner(
      criterion: settings.pruningCriterion, compensation: settings.pruningCompensation)
    return try pruner.prune(
      state, through: counts.map { .total($0, policy: policy, limits: limits) },
      samples: samples, loss: loss, draws: ScoringDraws(probes: settings.probes), pool: pool)
  }

  /// What the criterion knows of every weight of `network`, and the bias shifts of
  /// elimination-compensation under the metric, before anything is removed.
  ///
  /// - Throws: `PruningError`.
  package func scores(
    of network: Network, samples: SampleSet, loss: Loss, pool: WorkerPool
  ) throws(PruningError) -> [WeightScores] {
    let criterion = settings.pruningCriterion
    let context = try ScoringContext(
      network: network, samples: samples, loss: loss,
      metrics: [criterion.metric, settings.metric].compactMap { $0 }, pool: pool,
      draws: ScoringDraws(probes: settings.probes))
    let importances = try criterion.importances(context)
    let statistics = context.statistics(settings.metric)
    return network.layers.enumerated().map { index, layer in
      WeightScores(
        layer: layer.name, importance: importances[index],
        shift: statistics.elimination(index, layer: layer, pool: pool).shift)
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
