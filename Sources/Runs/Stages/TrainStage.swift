import ModelFiles
import NeuralNetworks
import NumericCore
import Schedules
import Storage

extension StageKind {
  package static let train = StageKind(model: "train")
  package static let finetune = StageKind(model: "finetune")
}

/// Trains the model, from the stage's start or from where it was interrupted.
package struct TrainStage: ModelStage {
  package let kind: StageKind
  package let settings: TrainSettings
  /// Which of the settings' epochs, counted from 0: all, but for parts of a stage that a later rewind
  /// goes back into.
  package let range: Range<Int>
  /// The name that decides the order of the samples: that of the whole stage.
  package let orderName: String

  /// - Parameter range: all epochs unless stated.
  package init(
    _ kind: StageKind = .train, _ settings: TrainSettings, orderName: String,
    range: Range<Int>? = nil
  ) {
    self.kind = kind
    self.settings = settings
    self.range = range ?? 0..<settings.epochs
    self.orderName = orderName
  }

  package func keyMaterial(name: String) -> JSONObject {
    var json = settings.json
    // The order of the samples is drawn from the stage's name.
    json["order"] = .string(orderName)
    if range != 0..<settings.epochs {
      json["part"] = [JSONValue(range.lowerBound), JSONValue(range.upperBound)]
    }
    return json
  }

  package var epochs: ClosedRange<Int>? {
    min(settings.minimumEpochs ?? range.count, range.count)...range.count
  }

  package var trains: Bool { true }

  package var stopsEarly: Bool { settings.options.earlyStop != nil }

  /// Whether the optimizer goes on from the parent's moments.
  package var continuesOptimizer: Bool { range.lowerBound > 0 || settings.continuesOptimizer }

  package func needsMoments(keeping: Bool) -> Bool { continuesOptimizer }

  // Early stopping's best network may lie beside the present one.
  package var cost: StageCost { StageCost(networks: 2, moments: 1) }

  package func run(from start: StageStart, _ work: StageWork) throws -> StageResult {
    let beginning = TrainingProgress(epoch: range.lowerBound)
    let state: ModelState
    let progress: TrainingProgress
    switch start {
    case .model(var base):
      if !continuesOptimizer { base.optimizer = nil }
      (state, progress) = (base, beginning)
    case .progress(let saved): (state, progress) = (saved.state, saved.progress ?? beginning)
    }
    if progress != beginning {
      work.watch.report(.resumed(epoch: progress.epoch, step: progress.stepInEpoch))
    }
    let options = settings.settings
    let recovery = try settings.minimumEpochs.map {
      RecoveryPoint(minimumEpochs: $0, loss: try work.originLoss(options.loss))
    }
    let training = TrainingRun(
      state: state, progress: progress, settings: options,
      orderSeed: Philox.seed(work.seed, named: orderName), training: work.data.training,
      validation: work.data.validation, recovery: recovery, pool: work.pool,
      ranks: work.ranks)
    try demandWindow(of: training, stage: work.name)
    while !hasEnded(training) {
      do {
        if let report = try training.step() {
          work.watch.report(.epochFinished(report, epochs: options.epochs))
        } else {
          work.watch.report(.advanced(.epochs(advance(of: training))))
        }
      } catch {
        throw RunFailure.diverged(
          stage: work.name, epoch: error.epoch, step: error.step, learningRate: error.learningRate)
      }
      try work.data.demandAllRead()
      if hasEnded(training) { break }
      try work.watch.passed { self.progress(of: training, stage: work.name) }
    }
    return StageResult(
      model: training.result,
      recovery: recovery.map {
        RecoveryReport(
          epochs: training.progress.epoch, recovered: training.hasRecovered, reference: $0.loss)
      })
  }

  /// Makes sure that there is the memory for the samples that are read at once, now that all else is there.
  private func demandWindow(of training: TrainingRun, stage: String) throws(RunFailure) {
    guard let window = training.window else { return }
    try WorkMemory.demand(
      window.bytes, for: "stage \(stage), with \(window.read) samples read at once,",
      advice: window.advice, present: MemoryAllowance.present)
  }

  private func hasEnded(_ training: TrainingRun) -> Bool {
    training.isFinished || training.progress.epoch >= range.upperBound
  }

  private func advance(of training: TrainingRun) -> EpochAdvance {
    let progress = training.progress
    let samples = min(progress.stepInEpoch * settings.settings.batch, training.samplesPerEpoch)
    return EpochAdvance(
      done: progress.epoch, epochs: settings.settings.epochs, range: range, samples: samples,
      samplesPerEpoch: training.samplesPerEpoch,
      loss: samples > 0 ? progress.lossSum / Double(samples) : nil)
  }

  private func progress(of training: TrainingRun, stage: String) -> StageProgress {
    let progress = training.progress
    return StageProgress(state: training.state, training: progress) {
      // The loss would show it in the next step.
      .diverged(
        stage: stage, epoch: progress.epoch + 1, step: progress.stepInEpoch + 1,
        learningRate: settings.settings.rate(
          at: progress, stepsPerEpoch: training.stepsPerEpoch))
    }
  }

  package func canContinue(
    from saved: CheckpointContents, as stage: PlannedStage, in plan: Plan
  ) -> Bool {
    guard let progress = saved.progress, let optimizer = saved.state.optimizer else { return false }
    let options = settings.settings
    let stepsPerEpoch = (plan.facts.trainingSamples + options.batch - 1) / options.batch
    return stage.admits(saved.state.network)
      && progress.best?.network.map { stage.fits($0, plan.architecture) } ?? true
      && optimizer.fits(options.optimizer, saved.state.network)
      && range.contains(progress.epoch) && progress.stepInEpoch < stepsPerEpoch
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

/// A `train` stage, to which later ones can rewind.
package struct TrainEntry: StageEntry {
  package let settings: TrainSettings

  package static var word: String { "train" }
  package static var kinds: [StageKind] { [.train] }

  package static func block(in context: StageContext) -> Block<TrainEntry> {
    TrainSettings.block("train", recovers: false, in: context).map(TrainEntry.init, \.settings)
  }

  package static func decoded(
    from field: Field, in context: inout StageContext
  ) -> TrainEntry? {
    let settings = TrainSettings.read(field, recovers: false, in: &context)
    context.trained.add(word, settings)
    return settings.map(TrainEntry.init)
  }

  package func plan(in builder: inout PlanBuilder) throws { try builder.train(settings, .train) }
}

/// A `finetune` stage, which may last until the loss has recovered.
package struct FinetuneEntry: StageEntry {
  package let settings: TrainSettings

  package static var word: String { "finetune" }
  package static var kinds: [StageKind] { [.finetune] }

  package static func block(in context: StageContext) -> Block<FinetuneEntry> {
    TrainSettings.block("finetune", in: context).map(FinetuneEntry.init, \.settings)
  }

  package static func decoded(
    from field: Field, in context: inout StageContext
  ) -> FinetuneEntry? {
    let settings = TrainSettings.read(field, in: &context)
    context.trained.add(word, settings)
    return settings.map(FinetuneEntry.init)
  }

  package func plan(in builder: inout PlanBuilder) throws { try builder.train(settings, .finetune) }
}

extension PlanBuilder {
  /// A stage called `current`, split where a later one rewinds into it.
  fileprivate mutating func train(_ settings: TrainSettings, _ kind: StageKind) throws {
    if settings.minimumEpochs != nil, !followsPruning {
      throw PlanFault(
        "no pruning comes right before it, so there is nothing to recover from; "
          + "give a number of epochs")
    }
    let (name, epochs) = (current, settings.epochs)
    note(epoch: 0, of: epochs)
    var first = 0
    for end in splits(epochs: epochs) + [epochs] {
      let stage = TrainStage(kind, settings, orderName: name, range: first..<end)
      add(.model(stage), name: end == epochs ? name : StageName.part(of: name, until: end))
      note(epoch: end, of: epochs)
      first = end
    }
  }
}
