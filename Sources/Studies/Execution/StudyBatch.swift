import Engine
import NeuralNetworks
import NumericCore
import Pipeline
import Pruning
import Runs
import Schedules

/// Measures cells of one group that share what scoring measures.
struct StudyBatch {
  let settings: StudySettings
  let group: StudyGroup
  let data: RunData
  let pool: WorkerPool
  /// Throws where the study is to stop.
  let checkStop: () throws -> Void

  /// Measures `cells`, all of one method or baseline.
  ///
  /// - Parameters:
  ///   - dense: the group's dense network; called at most once.
  ///   - finished: takes each result as soon as it is there.
  /// - Throws: `RunFailure`; what `checkStop` and `finished` throw.
  func measure(
    _ cells: [StudyCell], dense: () throws -> ModelState,
    finished: (StudyCell, StudyResult) throws -> Void
  ) throws {
    guard let first = cells.first else { return }
    switch first.subject {
    case .unpruned:
      let dense = try dense()
      for cell in cells {
        try finished(cell, try after(cell, dense, measuresBefore: true, secondsBefore: 0))
      }
    case .narrower:
      for cell in cells {
        guard case .narrower(let widths) = cell.subject else { continue }
        try finished(cell, try narrower(cell, widths: widths))
      }
    case .pruned(let method, _):
      try pruned(cells, by: method, from: try dense(), finished)
    }
  }

  // MARK: Subjects

  private func pruned(
    _ cells: [StudyCell], by method: StudyMethod, from dense: ModelState,
    _ finished: (StudyCell, StudyResult) throws -> Void
  ) throws {
    let pruning = try StudyPruning(
      method: method, dense: dense, group: group, settings: settings, data: data,
      pool: pool.interruptible { (try? checkStop()) == nil })
    var scored: ScoredModel?
    var scoringSeconds = 0.0
    for cell in cells {
      guard case .pruned(_, let kept) = cell.subject else { continue }
      try checkStop()
      let started = ContinuousClock.now
      let model: ModelState
      do {
        if pruning.sharesScores, scored == nil {
          scored = try pruning.score()
          scoringSeconds = (ContinuousClock.now - started).seconds
        }
        if let scored {
          model = try pruning.prune(scored, keeping: kept)
        } else {
          model = try self.model(cell, pruning, from: dense, keeping: kept)
        }
      } catch PruningError.interrupted {
        try checkStop()
        preconditionFailure("a pruning ends early only where the study is to stop")
      } catch let error as PruningError {
        throw RunFailure.failed(stage: cell.identity.text, reason: "\(error)")
      }
      var seconds = (ContinuousClock.now - started).seconds
      if pruning.sharesScores {
        // The first cell has scored for all.
        if cell.key == cells[0].key { seconds -= scoringSeconds }
        seconds += scoringSeconds / Double(cells.count)
      }
      try finished(
        cell,
        try after(
          cell, model, measuresBefore: true, secondsBefore: seconds,
          rounds: settings.rounds.count...settings.rounds.count))
    }
  }

  /// The network after the last round's pruning, not fine-tuned in that round.
  private func model(
    _ cell: StudyCell, _ pruning: StudyPruning, from dense: ModelState, keeping kept: Int
  ) throws -> ModelState {
    let network = dense.network
    let totals = try settings.rounds.totals(
      from: network.remaining, of: network.weightCount, to: kept)
    var model = dense
    for (index, total) in totals.enumerated() {
      try checkStop()
      model = try pruning.prune(model, keeping: total, round: index + 1)
      if index < totals.count - 1 { model = try finetuned(cell, model, round: index + 1) }
    }
    return model
  }

  /// `model` trained as round `round` (from 1) does it.
  private func finetuned(
    _ cell: StudyCell, _ model: ModelState, round: Int
  ) throws -> ModelState {
    guard let finetune = settings.finetune else { return model }
    let name = round == 1 ? "finetune" : "finetune-\(round)"
    return try training(finetune, name, cell.identity.text).run(from: model, checkStop: checkStop)
  }

  private func narrower(_ cell: StudyCell, widths: [Int]) throws -> StudyResult {
    let started = ContinuousClock.now
    let dense = group.architecture
    let architecture = Architecture(
      widths: widths, activation: dense.activation, initialization: dense.initialization)
    let trained = try training(settings.train, "train", cell.identity.text).run(
      from: data.initialModel(architecture, seed: group.seed), checkStop: checkStop)
    let seconds = (ContinuousClock.now - started).seconds
    return try after(cell, trained, measuresBefore: false, secondsBefore: seconds)
  }

  /// The group's dense network, trained.
  ///
  /// - Throws: as `measure` does.
  func trainDense() throws -> ModelState {
    var model = try training(settings.train, "train", group.text).run(
      from: data.initialModel(group.architecture, seed: group.seed), checkStop: checkStop)
    if settings.finetune?.continuesOptimizer != true { model.optimizer = nil }
    return model
  }

  // MARK: Measuring

  /// Measures `model`, trains it on, and measures it again.
  ///
  /// - Parameter rounds: whose fine-tuning is to come; nil for all.
  private func after(
    _ cell: StudyCell, _ model: ModelState, measuresBefore: Bool, secondsBefore: Double,
    rounds: ClosedRange<Int>? = nil
  ) throws -> StudyResult {
    let started = ContinuousClock.now
    let before = measuresBefore ? try metrics(of: model, cell) : nil
    var after: Metrics?
    if settings.finetune != nil {
      var tuned = model
      for round in rounds ?? 1...settings.rounds.count {
        tuned = try finetuned(cell, tuned, round: round)
      }
      after = try metrics(of: tuned, cell)
    } else if !measuresBefore {
      after = try metrics(of: model, cell)
    }
    return StudyResult(
      lossBefore: before?.loss, lossAfter: after?.loss, accuracyBefore: before?.accuracy,
      accuracyAfter: after?.accuracy,
      seconds: secondsBefore + (ContinuousClock.now - started).seconds)
  }

  private func metrics(of model: ModelState, _ cell: StudyCell) throws(RunFailure) -> Metrics {
    guard let test = data.test, test.count > 0 else {
      throw .failed(stage: cell.identity.text, reason: "the data have no test part")
    }
    let metrics = Evaluator(
      samples: test, loss: settings.training.loss, targetScaling: model.targetScaling, pool: pool
    ).metrics(of: model.network)
    guard metrics.loss.isFinite else {
      throw .failed(
        stage: cell.identity.text,
        reason:
          "the loss on the test part is not finite; leave this cell out, or lower the "
          + "learning rate")
    }
    return metrics
  }

  private func training(_ settings: TrainSettings, _ name: String, _ cell: String) -> StudyTraining
  {
    StudyTraining(
      settings: settings, name: name, seed: group.seed, data: data, pool: pool, cell: cell)
  }
}

extension StudyGroup {
  /// The dense network, for people.
  package var text: String { "\(datasetName) \(model) dense seed \(seed)" }
}

extension RunData {
  /// A model of random weights for these data.
  func initialModel(_ architecture: Architecture, seed: UInt64) -> ModelState {
    ModelState(
      network: architecture.network(seed: seed), inputScaling: inputScaling,
      targetScaling: targetScaling, classes: classes)
  }
}
