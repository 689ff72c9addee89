import NeuralNetworks
import NumericCore
import Pruning
import Scheduler

/// Runs one prune stage: scores the weights on the training part and leaves exactly as many as planned.
struct PruningStage {
  let stage: PlannedStage
  let action: PruningAction
  let loss: Loss
  /// The plan's; what the stage draws at random also depends on its name.
  let seed: UInt64
  let pool: WorkerPool

  /// The pruned model, and what was done.
  ///
  /// - Throws: `RunFailure.failed` with the pruner's reason.
  func run(
    from base: ModelState, data: RunData
  ) throws(RunFailure) -> (model: ModelState, report: PruningReport) {
    let settings = action.criterion
    let own = Philox.seed(seed, named: stage.name)
    let samples = settings.samples.map { data.training.subset($0, seed: own) } ?? data.training
    let policy = settings.adapted(action.policy)
    let counts = GeometricSteps.counts(
      from: base.network.remaining, to: action.kept, steps: settings.steps)
    let pruner = Pruner(
      criterion: settings.pruningCriterion, compensation: settings.pruningCompensation,
      regrowth: settings.regrow.map { Regrowth(share: $0) })
    do {
      var (model, report) = try pruner.prune(
        base,
        through: counts.map {
          PruningTarget(
            keeping: $0, policy: policy, limits: action.limits, granularity: action.granularity)
        },
        samples: samples, loss: loss, draws: ScoringDraws(seed: own, probes: settings.probes),
        pool: pool)
      if !action.keepsOptimizer { model.optimizer = nil }
      return (model, report)
    } catch {
      throw .failed(stage: stage.name, reason: "\(error)")
    }
  }
}
