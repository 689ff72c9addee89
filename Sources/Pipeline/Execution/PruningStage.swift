import NeuralNetworks
import NumericCore
import Pruning
import Scheduler

/// Runs one prune stage: scores the weights on the training part and leaves exactly as many as planned.
struct PruningStage {
  let stage: PlannedStage
  let action: PruningAction
  let loss: Loss
  let pool: WorkerPool

  /// The pruned model.
  ///
  /// - Throws: `RunFailure.failed` with the pruner's reason.
  func run(from base: ModelState, data: RunData) throws(RunFailure) -> ModelState {
    let pruner = Pruner(
      criterion: .ec(metric: action.metric), compensation: .ec(metric: action.metric))
    var model: ModelState
    do {
      model = try pruner.prune(
        base, to: .total(action.kept, policy: action.policy, limits: action.limits),
        samples: data.training, loss: loss, pool: pool
      ).state
    } catch {
      throw .failed(stage: stage.name, reason: "\(error)")
    }
    if !action.keepsOptimizer { model.optimizer = nil }
    return model
  }
}
