import NeuralNetworks
import NumericCore
import Pruning
import Scheduler

/// Prunes one dense network by one method, without training.
struct StudyPruning {
  private let method: StudyMethod
  private let dense: ModelState
  private let samples: SampleSet
  private let loss: Loss
  private let draws: ScoringDraws
  private let pruner: Pruner
  private let policy: any BudgetPolicy
  private let limits: [LayerLimits]
  private let pool: WorkerPool

  /// - Throws: `BudgetError`, which planning has ruled out.
  init(
    method: StudyMethod, dense: ModelState, group: StudyGroup, loss: Loss, data: RunData,
    pool: WorkerPool
  ) throws(BudgetError) {
    let criterion = method.criterion
    // The same for all methods of a network and seed, so that those that draw are paired too.
    let seed = Philox.seed(group.seed, named: "prune")
    self.method = method
    self.dense = dense
    self.loss = loss
    self.pool = pool
    samples = criterion.samples.map { data.training.subset($0, seed: seed) } ?? data.training
    draws = ScoringDraws(seed: seed, probes: criterion.probes)
    pruner = Pruner(
      criterion: criterion.pruningCriterion, compensation: criterion.pruningCompensation)
    policy = criterion.adapted(method.budget.policy)
    limits = try method.budget.limits(of: group.architecture.layerNames)
  }

  /// Whether all ratios go by the same scores.
  var sharesScores: Bool { method.criterion.steps == 1 }

  /// What all ratios go by.
  func score() throws(PruningError) -> ScoredModel {
    try pruner.score(dense, samples: samples, loss: loss, draws: draws, pool: pool)
  }

  /// The network with `kept` weights left, by known scores.
  func prune(_ scored: ScoredModel, keeping kept: Int) throws(PruningError) -> ModelState {
    try scored.pruned(to: target(kept)).state
  }

  /// The network with `kept` weights left, in the method's own steps.
  func prune(keeping kept: Int) throws(PruningError) -> ModelState {
    let counts = GeometricSteps.counts(
      from: dense.network.remaining, to: kept, steps: method.criterion.steps)
    return try pruner.prune(
      dense, through: counts.map(target), samples: samples, loss: loss, draws: draws, pool: pool
    ).state
  }

  private func target(_ kept: Int) -> PruningTarget {
    PruningTarget(
      keeping: kept, policy: policy, limits: limits, granularity: method.budget.granularity)
  }
}
