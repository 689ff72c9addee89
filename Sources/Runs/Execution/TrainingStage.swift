import ModelFiles
import NeuralNetworks
import NumericCore
import Pipeline
import Storage

/// Runs one train or finetune stage, from its start or from where it was interrupted.
struct TrainingStage {
  let stage: PlannedStage
  let action: TrainingAction
  let lineage: JSONValue
  let reference: StageReference
  let seed: UInt64
  let environment: Executor.Environment
  /// When the stage ends before its last epoch; nil for never.
  let recovery: RecoveryPoint?
  private let clock = ContinuousClock()

  init(
    stage: PlannedStage, action: TrainingAction, lineage: JSONValue, reference: StageReference,
    seed: UInt64, environment: Executor.Environment, recovery: RecoveryPoint? = nil
  ) {
    self.stage = stage
    self.action = action
    self.lineage = lineage
    self.reference = reference
    self.seed = seed
    self.environment = environment
    self.recovery = recovery
  }

  /// Puts the stage before this one on disk, if it is not there yet: when it is ready, or, if told so,
  /// whenever that is.
  typealias CommitBefore = (_ waits: Bool) throws -> Void

  /// The model after the last epoch, from the model before the stage, and how a recovery ended.
  ///
  /// - Parameter commitBefore: called between steps, and before anything of this stage is saved.
  /// - Throws: `RunFailure.interrupted` after saving, `RunFailure.diverged`, `StoreError`.
  func run(
    from base: ModelState, data: RunData, _ store: CheckpointStore, commitBefore: CommitBefore
  ) throws -> (model: ModelState, recovery: RecoveryReport?) {
    var base = base
    if !action.continuesOptimizer { base.optimizer = nil }
    return try run(
      from: base, progress: start, secondsBefore: 0, data: data, store,
      commitBefore: commitBefore)
  }

  /// Where the stage begins.
  private var start: TrainingProgress { TrainingProgress(epoch: action.epochs.lowerBound) }

  /// The same from where `progress` stands.
  ///
  /// - Parameter secondsBefore: what earlier sessions spent on the stage.
  /// - Throws: as the other one does.
  func run(
    from state: ModelState, progress: TrainingProgress, secondsBefore: Double, data: RunData,
    _ store: CheckpointStore, commitBefore: CommitBefore
  ) throws -> (model: ModelState, recovery: RecoveryReport?) {
    if progress != start {
      environment.events(
        .stageResumed(reference, epoch: progress.epoch, step: progress.stepInEpoch))
    }
    let training = TrainingRun(
      state: state, progress: progress, settings: action.settings,
      orderSeed: Philox.seed(seed, named: action.orderName), training: data.training,
      validation: data.validation, recovery: recovery, pool: environment.pool)
    let started = clock.now
    var saved = started
    func save() throws {
      try commitBefore(true)
      try self.save(
        training, seconds: secondsBefore + (clock.now - started).seconds, store)
      saved = clock.now
    }
    var isFinished: Bool {
      training.isFinished || training.progress.epoch >= action.epochs.upperBound
    }
    while !isFinished {
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
      if isFinished { break }
      try commitBefore(false)
      if environment.isInterrupted() {
        try save()
        throw RunFailure.interrupted(stage: stage.name, command: environment.continueCommand)
      }
      if clock.now - saved >= environment.saveEvery { try save() }
    }
    var model = training.result
    if !action.keepsOptimizer { model.optimizer = nil }
    let report = recovery.map {
      RecoveryReport(
        epochs: training.progress.epoch, recovered: training.hasRecovered, reference: $0.loss)
    }
    return (model, report)
  }

  // MARK: Progress

  /// Seconds spent on a stage before its progress was saved, from the lineage of that.
  static func seconds(in lineage: JSONValue) -> Double {
    lineage["wall_clock_seconds"]?.doubleValue ?? 0
  }

  /// Whether `stage` can go on from `saved`: progress that was not made for it would be refused later
  /// in harsher ways.
  static func canContinue(
    _ stage: PlannedStage, from saved: CheckpointContents, in plan: Plan
  ) -> Bool {
    guard case .train(let action) = stage.action, let progress = saved.progress,
      let optimizer = saved.state.optimizer
    else { return false }
    let settings = action.settings
    let stepsPerEpoch = (plan.facts.trainingSamples + settings.batch - 1) / settings.batch
    return plan.architecture.fits(saved.state.network)
      && stage.admits(saved.state.network)
      && progress.best?.network.map(plan.architecture.fits) ?? true
      && optimizer.fits(settings.optimizer, saved.state.network)
      && action.epochs.contains(progress.epoch) && progress.stepInEpoch < stepsPerEpoch
  }

  private func save(_ training: TrainingRun, seconds: Double, _ store: CheckpointStore) throws {
    let progress = training.progress
    // Only here, and never in a checkpoint, whose bytes depend on no clock.
    var lineage = lineage
    lineage["wall_clock_seconds"] = JSONValue(seconds)
    do {
      let bytes = try store.saveProgress(
        CheckpointContents(
          state: training.state, progress: progress, lineage: lineage,
          fingerprint: Fingerprint.json))
      environment.events(
        .progressSaved(
          reference, epoch: progress.epoch, step: progress.stepInEpoch, bytes: bytes))
    } catch CheckpointError.nonFinite {
      // The loss would show it in the next step.
      throw RunFailure.diverged(
        stage: stage.name, epoch: progress.epoch + 1, step: progress.stepInEpoch + 1,
        learningRate: action.settings.rate(at: progress, stepsPerEpoch: training.stepsPerEpoch))
    } catch let error as CheckpointError {
      throw RunFailure.failed(stage: stage.name, reason: "\(error)")
    }
  }
}

extension TrainingSettings {
  /// The learning rate of the step that `progress` stands before.
  fileprivate func rate(at progress: TrainingProgress, stepsPerEpoch: Int) -> Double {
    schedule.rate(
      step: progress.epoch * stepsPerEpoch + progress.stepInEpoch,
      totalSteps: epochs * stepsPerEpoch, stepsPerEpoch: stepsPerEpoch,
      base: optimizer.learningRate)
  }
}
