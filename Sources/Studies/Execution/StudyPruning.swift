import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Runs
import Scheduler

/// Prunes one dense network, and what becomes of it from round to round, by one method.
struct StudyPruning {
  private let method: StudyMethod
  private let dense: ModelState
  private let data: RunData
  private let loss: Loss
  private let rounds: StudyRounds
  /// Of a round's samples and draws; that of the first round.
  private let seed: UInt64
  private let pruner: Pruner
  private let limits: [LayerLimits]
  private let pool: WorkerPool

  /// - Throws: `BudgetError`, which planning has ruled out.
  init(
    method: StudyMethod, dense: ModelState, group: StudyGroup, settings: StudySettings,
    data: RunData, pool: WorkerPool
  ) throws(BudgetError) {
    let criterion = method.criterion
    // The same for all methods of a network and seed, so that those that draw are paired too.
    seed = Philox.seed(group.seed, named: "prune")
    self.method = method
    self.dense = dense
    self.data = data
    loss = settings.training.loss
    rounds = settings.rounds
    self.pool = pool
    pruner = Pruner(
      criterion: criterion.pruningCriterion, compensation: criterion.pruningCompensation)
    limits = try method.budget.limits(of: group.architecture.layerNames)
  }

  /// Whether all ratios go by the same scores.
  var sharesScores: Bool { method.criterion.steps == 1 && rounds.count == 1 }

  /// What all ratios go by.
  func score() throws(PruningError) -> ScoredModel {
    try pruner.score(dense, samples: samples(seed), loss: loss, draws: draws(seed), pool: pool)
  }

  /// The network with `kept` weights left, by known scores.
  func prune(_ scored: ScoredModel, keeping kept: Int) throws(PruningError) -> ModelState {
    try scored.pruned(to: target(kept)).state
  }

  /// `model` with `kept` weights left, in the method's own steps, as round `round` (from 1) does it.
  func prune(
    _ model: ModelState, keeping kept: Int, round: Int
  ) throws(PruningError) -> ModelState {
    let own = round == 1 ? seed : Philox.seed(seed, named: "round \(round)")
    let counts = GeometricSteps.counts(
      from: model.network.remaining, to: kept, steps: method.criterion.steps)
    return try pruner.prune(
      model, through: counts.map(target), samples: samples(own), loss: loss, draws: draws(own),
      pool: pool
    ).state
  }

  private func samples(_ seed: UInt64) -> SampleSet {
    method.criterion.samples.map { data.training.subset($0, seed: seed) } ?? data.training
  }

  private func draws(_ seed: UInt64) -> ScoringDraws {
    ScoringDraws(seed: seed, probes: method.criterion.probes)
  }

  private func target(_ kept: Int) -> PruningTarget {
    .total(kept, budget: method.budget, limits: limits)
  }
}
