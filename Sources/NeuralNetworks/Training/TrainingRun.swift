import Engine
import NumericCore

/// One train or finetune stage under way, advanced a step at a time, so that whoever drives it may
/// stop, save or report between any two steps.
///
/// A class, because it owns large working memory that is changed in place. All it needs to go on
/// later in the same bits is `state` and `progress`.
package final class TrainingRun {
  private let settings: TrainingSettings
  private let training: SampleSet
  private let validation: Evaluator?
  private let recovery: RecoveryPoint?
  private let orderSeed: UInt64
  /// Of this run alone, because short steps may leave threads out.
  private let pool: WorkerPool
  private var threadChoice = ThreadChoice()
  /// Those that share the steps; nil where this process takes them alone.
  private let ranks: RankGroup?
  private let rest: ModelState

  /// Which units the chain is made of.
  private let units: LiveUnits
  private let parameters: ChainParameters
  private let moments: ChainMoments
  private let chain: TrainingChain
  private var optimizerSteps: Int
  package private(set) var progress: TrainingProgress
  /// Whether the last epoch has ended at or below the loss to recover, and late enough.
  package private(set) var hasRecovered = false
  private var order: [Int32] = []
  private var orderEpoch = -1
  private var targets: BatchTargets
  private var inputs: ReadAhead

  /// Prepares a run from `state` and where `progress` says it stands.
  ///
  /// - Parameters:
  ///   - orderSeed: decides, with the epoch, the order of the samples, and with the step which units dropout
  ///     leaves out.
  ///   - validation: measured after each epoch; needed for early stopping and recovery.
  ///   - recovery: ends the stage once the validation loss is low enough.
  ///   - ranks: share the steps where that pays; nil for this process alone.
  package init(
    state: ModelState, progress: TrainingProgress, settings: TrainingSettings, orderSeed: UInt64,
    training: SampleSet, validation: SampleSet?, recovery: RecoveryPoint? = nil, pool: WorkerPool,
    ranks: RankGroup? = nil
  ) {
    precondition(training.count > 0, "training needs samples")
    precondition(settings.earlyStop == nil || validation != nil, "early stopping needs validation")
    precondition(recovery == nil || validation != nil, "recovery needs validation")
    self.settings = settings
    self.recovery = recovery
    self.training = training
    self.orderSeed = orderSeed
    let stepPool = pool.separate()
    self.pool = stepPool
    self.progress = progress
    self.validation = validation.map {
      Evaluator(
        samples: $0, loss: settings.loss, targetScaling: state.targetScaling, pool: pool)
    }
    var rest = state
    rest.optimizer = nil
    self.rest = rest
    let optimizerState =
      state.optimizer ?? OptimizerState(fresh: settings.optimizer, for: state.network)
    precondition(
      optimizerState.fits(settings.optimizer, state.network),
      "an optimizer state of the network's shape")
    let capacity = min(settings.batch, training.count)
    units = LiveUnits(of: state.network)
    let network = units.compact(state.network)
    parameters = ChainParameters(network, trains: true)
    let start = ChainStart(
      layers: network.layers, first: units.compact(optimizerState.first),
      second: units.compact(optimizerState.second))
    let setup = ChainSetup(
      hasFirst: !start.first.isEmpty, hasSecond: !start.second.isEmpty, capacity: capacity,
      loss: settings.loss, clipNorm: settings.clipNorm,
      dropout: settings.dropout.contains { $0 > 0 }
        ? Dropout(rates: settings.dropout, seed: orderSeed) : nil,
      sharing: training.reachesRanks
        ? ranks?.sharing(
          of: StepShape(
            widths: network.widths, weights: network.remaining, batch: capacity,
            isSharded: training.sharded != nil),
          threads: pool.threadCount) ?? .alone : .alone, threads: pool.threadCount)
    self.ranks = setup.sharing == .alone ? nil : ranks
    let shares = self.ranks?.begin(setup, from: start, parameters, on: training)
    moments = ChainMoments(parameters, first: start.first, second: start.second, shares: shares)
    chain = TrainingChain(
      parameters: parameters, moments: moments, capacity: capacity,
      clips: settings.clipNorm != nil, shares: shares, dropout: setup.dropout, pool: stepPool)
    optimizerSteps = optimizerState.steps
    targets = BatchTargets(outputs: state.network.outputs, capacity: capacity)
    inputs = ReadAhead(
      training, batch: capacity, pool: stepPool, among: self.ranks?.collective)
  }

  package var stepsPerEpoch: Int { (training.count + settings.batch - 1) / settings.batch }

  package var samplesPerEpoch: Int { training.count }

  /// What steps will have in memory at once of inputs that are read for them; nil where none are.
  package var window: ReadWindow? { inputs.window }

  /// Whether all epochs are done, or recovery or early stopping has ended the stage.
  package var isFinished: Bool {
    // A stage that was saved had not ended, so that nothing of this has to be saved.
    if progress.epoch >= settings.epochs || hasRecovered { return true }
    guard let stop = settings.earlyStop, progress.stepInEpoch == 0 else { return false }
    return progress.epochsSinceBest >= stop.patience
  }

  /// The model as it stands, with the optimizer's moments.
  package var state: ModelState {
    var state = rest
    state.network = network
    ranks?.give(.collectMoments)
    state.optimizer = OptimizerState(
      steps: optimizerSteps,
      first: units.expand(moments.firstLayers, for: rest.network),
      second: units.expand(moments.secondLayers, for: rest.network))
    return state
  }

  /// The network as it stands.
  private var network: Network {
    var network = rest.network
    var compact = units.compact(network)
    parameters.update(&compact)
    units.restore(compact, into: &network)
    return network
  }

  /// The model that the finished stage results in: the best epoch's network when early stopping
  /// restores it, with the moments as they stand.
  package var result: ModelState {
    var state = state
    if settings.earlyStop?.restoreBest == true, let best = progress.best?.network {
      state.network = best
    }
    return state
  }

  /// Takes one step; after an epoch's last, measures and reports that epoch.
  ///
  /// - Throws: `TrainingDivergence` when the loss is not finite; no weight has been changed by then.
  package func step() throws(TrainingDivergence) -> EpochReport? {
    precondition(!isFinished, "a finished run takes no step")
    prepareOrder()
    let start = progress.stepInEpoch * settings.batch
    let positions = start..<min(start + settings.batch, order.count)
    let rows = order[positions]
    let number = progress.epoch * stepsPerEpoch + progress.stepInEpoch
    let rate = settings.schedule.rate(
      step: number, totalSteps: settings.epochs * stepsPerEpoch, stepsPerEpoch: stepsPerEpoch,
      base: settings.optimizer.learningRate)
    let rule = settings.optimizer.updateRule(step: optimizerSteps + 1, rate: rate)
    ranks?.give(.step(rows: rows, rule: rule, number: number))
    targets.gather(training.targets, rows: rows, for: settings.loss, pool: pool)
    var began: SuspendingClock.Instant?
    let loss = inputs.withRows(positions, of: order[...]) { data, places in
      // Reading, which one step does for many, is not timed.
      began = beginStep()
      return chain.propagate(
        data, rows: places, loss: settings.loss, labels: targets.labels,
        values: targets.values, scale: 1 / Float(places.count), step: number)
    }
    guard loss.isFinite else {
      throw TrainingDivergence(
        epoch: progress.epoch + 1, step: progress.stepInEpoch + 1, learningRate: rate, loss: loss)
    }
    optimizerSteps += 1
    chain.update(rule, clipNorm: settings.clipNorm)
    endStep(began)
    progress.lossSum += loss
    progress.stepInEpoch += 1
    return progress.stepInEpoch == stepsPerEpoch ? finishEpoch(learningRate: rate) : nil
  }

  /// Chooses the threads of a step; nil where there is nothing to choose: one thread, or ranks that wait for one
  /// another.
  private func beginStep() -> SuspendingClock.Instant? {
    if pool.threadCount == 1 || ranks != nil { return nil }
    pool.usesThreads = threadChoice.usesAllThreads
    return .now
  }

  private func endStep(_ began: SuspendingClock.Instant?) {
    if let began { threadChoice.note((SuspendingClock.now - began) / .seconds(1)) }
  }

  private func prepareOrder() {
    if orderEpoch == progress.epoch { return }
    var generator = Philox(
      seed: orderSeed, purpose: .sampleOrder, index: UInt64(progress.epoch))
    let places =
      training.blocks?.order(of: training.count, &generator)
      ?? generator.permutation(training.count)
    order = places.map { training.indices[$0] }
    orderEpoch = progress.epoch
    inputs.startEpoch()
  }

  private func finishEpoch(learningRate: Double) -> EpochReport {
    let trainingLoss = progress.lossSum / Double(training.count)
    let measured = validation?.metrics(of: parameters, isShared: ranks != nil)
    progress.epoch += 1
    progress.stepInEpoch = 0
    progress.lossSum = 0
    progress.lastEpochLoss = trainingLoss
    if let recovery, let measured {
      hasRecovered = progress.epoch >= recovery.minimumEpochs && measured.loss <= recovery.loss
    }
    if let stop = settings.earlyStop, let measured {
      if measured.loss < progress.best?.validationLoss ?? .infinity {
        progress.best = BestEpoch(
          epoch: progress.epoch, validationLoss: measured.loss,
          network: stop.restoreBest ? network : nil)
        progress.epochsSinceBest = 0
      } else {
        progress.epochsSinceBest += 1
      }
    }
    return EpochReport(
      epoch: progress.epoch, trainingLoss: trainingLoss, validation: measured,
      learningRate: learningRate)
  }
}

/// What one completed epoch looked like.
package struct EpochReport: Sendable, Equatable {
  /// From 1.
  package let epoch: Int
  /// Mean over the epoch's samples, each under the weights of its step.
  package let trainingLoss: Double
  package let validation: Metrics?
  /// The rate of the epoch's last step.
  package let learningRate: Double
}

/// The loss stopped being a number; the weights are as they were before that step.
package struct TrainingDivergence: Error, Equatable {
  /// From 1.
  package let epoch: Int
  /// From 1, within the epoch.
  package let step: Int
  package let learningRate: Double
  package let loss: Double
}
