import NeuralNetworks
import NumericCore
import Pipeline
import Runs
import Schedules

/// Trains one network of a study, from beginning to end: what is interrupted is not saved.
struct StudyTraining {
  let settings: TrainSettings
  /// `train` or `finetune`: samples come in the same order in all networks of a seed.
  let name: String
  let seed: UInt64
  let data: RunData
  let pool: WorkerPool
  /// Whose network it is, for messages.
  let cell: String

  /// The network after the last epoch, with the optimizer's moments.
  ///
  /// - Throws: `RunFailure.diverged`, `.notFinite`; what `checkStop` throws.
  func run(from base: ModelState, checkStop: () throws -> Void) throws -> ModelState {
    var base = base
    if !settings.continuesOptimizer { base.optimizer = nil }
    let options = settings.settings
    // The validation part is measured for early stopping alone.
    let training = TrainingRun(
      state: base, progress: TrainingProgress(), settings: options,
      orderSeed: Philox.seed(seed, named: name), training: data.training,
      validation: options.earlyStop == nil ? nil : data.validation, pool: pool)
    while !training.isFinished {
      try checkStop()
      do {
        _ = try training.step()
      } catch {
        throw RunFailure.diverged(
          stage: cell, epoch: error.epoch, step: error.step, learningRate: error.learningRate)
      }
    }
    let result = training.result
    guard result.network.isFinite else { throw RunFailure.notFinite(stage: cell) }
    return result
  }
}
