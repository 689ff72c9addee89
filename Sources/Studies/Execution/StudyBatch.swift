import NeuralNetworks
import NumericCore
import Pruning
import Runs
import Schedules

/// Measures cells of one group that share what scoring measures, by the stages of schedules.
struct StudyBatch {
  let settings: StudySettings
  let group: StudyGroup
  let data: RunData
  let pool: WorkerPool
  /// Told how far the network called so is, at every step.
  let advanced: (String, StageAdvance) -> Void
  /// Throws where the study is to stop.
  let checkStop: () throws -> Void

  /// The group's dense network where it was trained elsewhere.
  var startedDense: ModelState? {
    group.start.map { data.model(of: $0, loss: settings.training.loss) }
  }

  /// The group's dense network, trained.
  ///
  /// - Throws: `RunFailure`; what `checkStop` throws.
  func trainDense() throws -> ModelState {
    var model = try trained(group.architecture, group.text)
    if settings.finetune?.continuesOptimizer != true { model.optimizer = nil }
    return model
  }

  /// Measures `cells`, all of one method or baseline.
  ///
  /// - Parameters:
  ///   - dense: the group's dense network; nil for cells that have networks of their own.
  ///   - begun: is told of each before anything is done for it.
  ///   - finished: takes each result as soon as it is there.
  /// - Throws: `RunFailure`; what `checkStop` and `finished` throw.
  func measure(
    _ cells: [StudyCell], from dense: ModelState?, begun: (StudyCell) -> Void = { _ in },
    finished: (StudyCell, StudyResult) throws -> Void
  ) throws {
    var scoring: (scores: ScoredModel, seconds: Double)?
    for cell in cells {
      begun(cell)
      var started = ContinuousClock.now
      let model: ModelState
      if case .narrower(let widths) = cell.subject {
        let dense = group.architecture
        model = try trained(
          Architecture(
            widths: widths, activation: dense.activation, initialization: dense.initialization),
          cell.identity.text)
      } else if let dense {
        model = dense
      } else {
        preconditionFailure("only narrower networks are trained from their beginning")
      }
      // In one step and one round all ratios go by the same scores.
      if scoring == nil, let only = cell.subject.prunings.first, cell.subject.prunings.count == 1,
        only.template.criterion.steps == 1
      {
        let scores = try only.score(model, work(cell.identity.text, round: 1))
        let scored = ContinuousClock.now
        scoring = (scores, (scored - started).seconds / Double(cells.count))
        started = scored
      }
      var result = try result(of: cell, from: model, scoring?.scores)
      result.seconds = (ContinuousClock.now - started).seconds + (scoring?.seconds ?? 0)
      try finished(cell, result)
    }
  }

  /// Prunes and trains `model` in rounds, and measures it before and behind the last training.
  ///
  /// - Parameter scores: of the model's weights, where they are known.
  private func result(
    of cell: StudyCell, from model: ModelState, _ scores: ScoredModel?
  ) throws -> StudyResult {
    let (text, prunings) = (cell.identity.text, cell.subject.prunings)
    var model = model
    var before: Metrics?
    for round in 1...settings.rounds.count {
      let work = work(text, round: round)
      if !prunings.isEmpty {
        try checkStop()
        let stage = prunings[round - 1]
        model =
          try scores.map { try stage.run(from: $0, work).model }
          ?? stage.run(from: .model(model), work).model
      }
      if cell.subject.isMeasured(beforeTrainingInRound: round) { before = try metrics(model, work) }
      if let finetune = settings.finetune {
        model = try train(model, finetune, StageName.unique("finetune", round), text)
      }
    }
    let isTrained = settings.finetune != nil || before == nil
    let after = isTrained ? try metrics(model, work(text)) : nil
    var result = StudyResult(
      lossBefore: before?.loss, lossAfter: after?.loss, accuracyBefore: before?.accuracy,
      accuracyAfter: after?.accuracy, seconds: 0)
    (result.rmseBefore, result.rmseAfter) = (before?.rmse, after?.rmse)
    (result.maeBefore, result.maeAfter) = (before?.mae, after?.mae)
    (result.nrmseBefore, result.nrmseAfter) = (before?.nrmse, after?.nrmse)
    (result.r2Before, result.r2After) = (before?.r2, after?.r2)
    return result
  }

  // MARK: Stages

  /// A network of random weights, trained as dense ones are.
  private func trained(_ architecture: Architecture, _ text: String) throws -> ModelState {
    let model = data.model(
      of: architecture.network(seed: group.seed), loss: settings.training.loss)
    guard let training = settings.train else {
      preconditionFailure("what begins at random is trained")
    }
    return try train(model, training, "train", text)
  }

  /// - Parameters:
  ///   - order: decides the order of the samples, the same in all networks of a seed.
  ///   - text: whose network it is, for messages.
  private func train(
    _ model: ModelState, _ settings: TrainSettings, _ order: String, _ text: String
  ) throws -> ModelState {
    try checkStop()
    var settings = settings
    settings.options.dropout = group.dropout
    let model = try TrainStage(.train, settings, orderName: order).run(
      from: .model(model), work(text, measuresEpochs: settings.settings.earlyStop != nil)
    ).model
    guard model.network.isFinite else { throw RunFailure.notFinite(stage: text) }
    return model
  }

  private func metrics(_ model: ModelState, _ work: StageWork) throws(RunFailure) -> Metrics {
    try work.metrics(
      of: model, on: .test, advice: "leave this cell out, or lower the learning rate"
    ).metrics
  }

  /// What a stage of the network called `text` works with; what is interrupted is not saved.
  ///
  /// - Parameters:
  ///   - round: of samples and draws: the same for all methods of a network and seed, so that those that
  ///     draw are paired too.
  ///   - measuresEpochs: whether epochs are measured on the validation part, as early stopping demands.
  private func work(_ text: String, round: Int = 1, measuresEpochs: Bool = false) -> StageWork {
    var watch = StageWatch()
    watch.isInterrupted = {
      advanced(text, .working)
      return (try? checkStop()) == nil
    }
    watch.report = { if case .advanced(let advance) = $0 { advanced(text, advance) } }
    watch.passed = { _ in try checkStop() }
    watch.interrupted = { _ in
      try checkStop()
      preconditionFailure("a stage ends early only where the study is to stop")
    }
    let first = Philox.seed(group.seed, named: "prune")
    var data = data
    if !measuresEpochs { data.validation = nil }
    return StageWork(
      name: text, seed: group.seed,
      drawSeed: round == 1 ? first : Philox.seed(first, named: "round \(round)"),
      loss: settings.training.loss, data: data, pool: pool, watch: watch)
  }
}

extension StudyGroup {
  /// The dense network, for people.
  package var text: String { "\(datasetName) \(model) dense seed \(seed)" }
}
