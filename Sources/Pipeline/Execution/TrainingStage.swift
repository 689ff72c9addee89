import Formats
import NeuralNetworks
import NumericCore

/// Runs one train or finetune stage, from its start or from where it was interrupted.
struct TrainingStage {
  let stage: PlannedStage
  let action: TrainingAction
  let lineage: JSONValue
  let reference: StageReference
  let seed: UInt64
  let environment: Executor.Environment

  /// The model after the last epoch.
  ///
  /// - Throws: `RunFailure.interrupted` after saving, `RunFailure.diverged`, `StoreError`.
  func run(from base: ModelState, data: RunData, _ store: CheckpointStore) throws -> ModelState {
    let training = try start(from: base, data: data, store)
    let clock = ContinuousClock()
    var saved = clock.now
    while !training.isFinished {
      do {
        if let report = try training.step() {
          environment.events(
            .epochFinished(reference, report, epochs: action.settings.epochs))
        }
      } catch {
        throw RunFailure.diverged(
          stage: stage.name, epoch: error.epoch, step: error.step,
          learningRate: error.learningRate)
      }
      if environment.isInterrupted(), !training.isFinished {
        try save(training, store)
        throw RunFailure.interrupted(stage: stage.name, command: environment.continueCommand)
      }
      let now = clock.now
      if now - saved >= environment.saveEvery, !training.isFinished {
        try save(training, store)
        saved = clock.now
      }
    }
    var model = training.result
    if !action.keepsOptimizer { model.optimizer = nil }
    return model
  }

  private func start(
    from base: ModelState, data: RunData, _ store: CheckpointStore
  ) throws -> TrainingRun {
    var state = base
    var progress = TrainingProgress()
    if let saved = try store.progress(), saved.lineage["key"] == lineage["key"],
      let point = saved.progress
    {
      state = saved.state
      progress = point
      environment.events(
        .stageResumed(reference, epoch: point.epoch, step: point.stepInEpoch))
    } else if !action.continuesOptimizer {
      state.optimizer = nil
    }
    return TrainingRun(
      state: state, progress: progress, settings: action.settings,
      orderSeed: Philox.seed(seed, named: stage.name), training: data.training,
      validation: data.validation, pool: environment.pool)
  }

  private func save(_ training: TrainingRun, _ store: CheckpointStore) throws {
    let progress = training.progress
    let bytes = try store.saveProgress(
      CheckpointContents(
        state: training.state, progress: progress, lineage: lineage,
        fingerprint: Fingerprint.json))
    environment.events(
      .progressSaved(
        reference, epoch: progress.epoch, step: progress.stepInEpoch, bytes: bytes))
  }
}
