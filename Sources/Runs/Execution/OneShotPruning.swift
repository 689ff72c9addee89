import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Schedules

/// How `prune` scores weights, removes them and makes up for them, without training.
struct OneShotPruning {
  let settings: CriterionSettings
  /// In what portions weights go.
  var granularity = PruningGranularity.weight
  /// Of what is drawn at random.
  let seed: UInt64

  private var budget: Budget {
    Budget(
      policy: settings.pruningCriterion.scope == .network ? .global : .uniform,
      granularity: granularity)
  }

  private var draws: ScoringDraws { ScoringDraws(seed: seed, probes: settings.probes) }

  /// How many weights of `network` stay where groups say so; nil where they do not.
  ///
  /// - Throws: `BudgetError.groupsNotDense`.
  func statedTotal(of network: Network) throws(BudgetError) -> Int? {
    var profiles: [LayerProfile] = []
    for layer in network.layers {
      profiles.append(
        try LayerProfile(
          name: layer.name, outputs: layer.outputs, inputs: layer.inputs,
          remaining: layer.remaining))
    }
    return try budget.statedTotal(of: profiles, limits: profiles.map { _ in .none })
  }

  /// `state` with `kept` weights left of the whole network: by one ranking of its weights or units, or,
  /// where a criterion ranks the weights of each row alone, the same share of each layer; or by groups.
  ///
  /// - Throws: `PruningError`.
  func prune(
    _ state: ModelState, keeping kept: Int, samples: SampleSet, loss: Loss, pool: WorkerPool
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    let limits = state.network.layers.map { _ in LayerLimits.none }
    let counts = GeometricSteps.counts(
      from: state.network.remaining, to: kept, steps: settings.steps)
    return try Pruner(
      criterion: settings.pruningCriterion, compensation: settings.pruningCompensation
    ).prune(
      state, through: counts.map { .total($0, budget: budget, limits: limits) },
      samples: chosen(samples), loss: loss, draws: draws, pool: pool)
  }

  /// What the first step knows of every weight of `network`.
  ///
  /// - Throws: `PruningError`.
  func scores(
    of network: Network, samples: SampleSet, loss: Loss, pool: WorkerPool
  ) throws(PruningError) -> [WeightScores] {
    let criterion = settings.pruningCriterion
    let context = try ScoringContext(
      network: network, samples: chosen(samples), loss: loss,
      metrics: [criterion.metric, settings.metric].compactMap { $0 }, pool: pool,
      draws: draws.step(1))
    let importances = try criterion.importances(context)
    let statistics = context.statistics(settings.metric)
    return network.layers.enumerated().map { index, layer in
      WeightScores(
        layer: layer.name, importance: importances[index],
        shift: statistics.elimination(index, layer: layer, pool: pool).shift)
    }
  }

  private func chosen(_ samples: SampleSet) -> SampleSet {
    settings.samples.map { samples.subset($0, seed: seed) } ?? samples
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
