import NeuralNetworks
import NumericCore
import Pipeline
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
  /// What each layer takes, for a stage with a limit of milliseconds.
  var times: [LayerTime]? = nil

  /// The pruned model, and what was done.
  ///
  /// - Throws: `RunFailure.failed` with the pruner's reason.
  func run(
    from base: ModelState, data: RunData
  ) throws(RunFailure) -> (model: ModelState, report: PruningReport) {
    let settings = action.criterion
    let own = Philox.seed(seed, named: stage.name)
    let samples = settings.samples.map { data.training.subset($0, seed: own) } ?? data.training
    let pruner = Pruner(
      criterion: settings.pruningCriterion, compensation: settings.pruningCompensation,
      regrowth: settings.regrow.map { Regrowth(share: $0) })
    do {
      var (model, report) = try pruner.prune(
        base,
        through: targets(from: base.network),
        samples: samples, loss: loss, draws: ScoringDraws(seed: own, probes: settings.probes),
        pool: pool)
      if !action.keepsOptimizer { model.optimizer = nil }
      return (model, report)
    } catch {
      throw .failed(stage: stage.name, reason: "\(error)")
    }
  }

  /// The targets of the steps, the last of them the stage's.
  private func targets(from network: Network) -> [PruningTarget] {
    let steps = action.criterion.steps
    if let call = action.budget.callTime, let ladder = action.budget.ladder, let times {
      let limit = call.limit(times)
      // On the way the time falls as counts do elsewhere, in whole nanoseconds.
      let now = Int(limit.nanoseconds(keeping: network.layers.map(\.remaining)).rounded(.up))
      let on = GeometricSteps.counts(
        from: now, to: Int(min(Double(now), limit.nanoseconds)), steps: steps
      ).dropLast().map { TimeLimit(times: times, nanoseconds: Double($0)) }
      return (on + [limit]).map { .time($0, ladder: ladder, limits: action.limits) }
    }
    guard let kept = action.kept else {
      preconditionFailure("a stage without a number of weights has the times of its layers")
    }
    return GeometricSteps.counts(from: network.remaining, to: kept, steps: steps).map {
      .total($0, budget: action.budget, limits: action.limits)
    }
  }
}
