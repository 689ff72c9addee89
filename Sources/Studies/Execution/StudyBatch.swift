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
    var model = try stages(group.text).trained(group.architecture)
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
      let stages = stages(cell.identity.text)
      if case .measured(let measurement) = cell.subject {
        var result = StudyResult(seconds: 0)
        result.rows = try measurement.rows(from: dense, stages)
        result.seconds = (ContinuousClock.now - started).seconds
        try finished(cell, result)
        continue
      }
      let model: ModelState
      if case .narrower(let widths) = cell.subject {
        let dense = group.architecture
        model = try stages.trained(
          Architecture(
            widths: widths, activation: dense.activation, initialization: dense.initialization))
      } else if let dense {
        model = dense
      } else {
        preconditionFailure("only narrower networks are trained from their beginning")
      }
      // In one step and one round all ratios go by the same scores.
      if scoring == nil, let only = cell.subject.prunings.first, cell.subject.prunings.count == 1,
        only.template.criterion.steps == 1
      {
        let scores = try only.score(model, stages.work())
        let scored = ContinuousClock.now
        scoring = (scores, (scored - started).seconds / Double(cells.count))
        started = scored
      }
      var result = try result(of: cell, from: model, scoring?.scores, stages)
      result.seconds = (ContinuousClock.now - started).seconds + (scoring?.seconds ?? 0)
      try finished(cell, result)
    }
  }

  /// Prunes and trains `model` in rounds, and measures it before and behind the last training.
  ///
  /// - Parameter scores: of the model's weights, where they are known.
  private func result(
    of cell: StudyCell, from model: ModelState, _ scores: ScoredModel?, _ stages: StudyStages
  ) throws -> StudyResult {
    let prunings = cell.subject.prunings
    var model = model
    var before: Metrics?
    for round in 1...settings.rounds.count {
      if !prunings.isEmpty {
        try checkStop()
        let (stage, work) = (prunings[round - 1], stages.work(round: round))
        model =
          try scores.map { try stage.run(from: $0, work).model }
          ?? stage.run(from: .model(model), work).model
      }
      if cell.subject.isMeasured(beforeTrainingInRound: round) {
        before = try stages.metrics(model)
      }
      if let finetune = settings.finetune {
        model = try stages.train(model, finetune, order: StageName.unique("finetune", round))
      }
    }
    let isTrained = settings.finetune != nil || before == nil
    let after = isTrained ? try stages.metrics(model) : nil
    var result = StudyResult(
      lossBefore: before?.loss, lossAfter: after?.loss, accuracyBefore: before?.accuracy,
      accuracyAfter: after?.accuracy, seconds: 0)
    (result.rmseBefore, result.rmseAfter) = (before?.rmse, after?.rmse)
    (result.maeBefore, result.maeAfter) = (before?.mae, after?.mae)
    (result.nrmseBefore, result.nrmseAfter) = (before?.nrmse, after?.nrmse)
    (result.r2Before, result.r2After) = (before?.r2, after?.r2)
    return result
  }

  /// What the network called `text` is trained and measured with.
  private func stages(_ text: String) -> StudyStages {
    StudyStages(
      settings: settings, group: group, text: text, data: data, pool: pool, advanced: advanced,
      checkStop: checkStop)
  }
}

extension StudyGroup {
  /// The dense network, for people.
  package var text: String { "\(datasetName) \(model) dense seed \(seed)" }
}
