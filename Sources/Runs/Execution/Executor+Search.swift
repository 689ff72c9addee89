import NeuralNetworks
import Scheduler

/// Searches: trial after trial is computed and tested, until the verdicts say that there is no next.
extension Executor {
  /// Runs the trials of `search` that are not decided yet.
  ///
  /// - Returns: the search as it stands in the plan with all its trials, and how it ended.
  /// - Throws: as computing a stage does; what is decided is on disk by then.
  func finishTrials(
    of search: PlannedStage
  ) throws -> (PlannedStage, SearchReport) {
    while true {
      let records = commits.records
      plan = plan.expanded(by: records)
      guard let stage = plan.stage(under: search.key), case .search(let search) = stage.action,
        let trials = plan.trials(of: stage.key, records: records)
      else { preconditionFailure("a search is a stage of its plan") }
      guard let open = trials.open.last, let last = plan.stage(under: open.key),
        let place = last.trial
      else {
        guard let stop = trials.stop else {
          preconditionFailure("a search without a next trial has ended")
        }
        let report = SearchReport(trials, stop: stop, before: search.search.start)
        environment.events(.searchFinished(reference(stage), report))
        return (stage, report)
      }
      try checkInterruption(before: last)
      environment.events(.trialStarted(reference(last), place))
      let comparison = TrialComparison(
        test: search.test, before: try referenceScores(of: stage))
      let verdict = try decide(last, by: comparison)
      environment.events(.trialTested(reference(last), verdict))
    }
  }

  /// Computes what `trial`, the last stage of one, ends in, and notes whether that holds.
  private func decide(
    _ trial: PlannedStage, by comparison: TrialComparison
  ) throws -> TrialVerdict {
    do {
      let model = try model(after: trial.key)
      try commits.finish()
      let verdict = comparison.verdict(on: try scores(of: model, stage: trial))
      try commits.withStore { try $0.note(verdict, key: trial.key) }
      return verdict
    } catch let failure as RunFailure where failure.isDivergence(of: trial.name) {
      let verdict = comparison.verdict(onFailure: "\(failure)")
      try list(trial, failedWith: verdict)
      return verdict
    }
  }

  /// Lists the fine-tuning of a trial that diverged: the search goes back from it, as from one that
  /// does not hold.
  private func list(
    _ trial: PlannedStage, failedWith verdict: TrialVerdict
  ) throws {
    try commits.finish()
    guard let pruned = manifest.record(of: trial.parent) else {
      preconditionFailure("a trial is fine-tuned when its pruning is on disk")
    }
    var record = StageRecord(trial, of: pruned, finishedAt: now)
    record.verdict = verdict
    try commits.withStore { store in
      try store.list(record)
      try store.removeProgress()
    }
  }

  /// The scores of the model before `search`.
  private func referenceScores(
    of search: PlannedStage
  ) throws -> SampleScores {
    if let reference, reference.key == search.parent { return reference.scores }
    let scores = try scores(of: model(after: search.parent), stage: search)
    reference = (search.parent, scores)
    return scores
  }

  private func scores(
    of model: ModelState, stage: PlannedStage
  ) throws -> SampleScores {
    guard let samples = try data().validation, samples.count > 0 else {
      throw RunFailure.failed(stage: stage.name, reason: "the data have no validation part")
    }
    return Evaluator(
      samples: samples, loss: plan.loss, targetScaling: model.targetScaling,
      pool: environment.pool
    ).scores(of: model.network)
  }

  /// Records of searches that were taken up from their checkpoints say how they ended once all their
  /// trials are known.
  func completeSearchRecords() throws {
    for stage in plan.stages {
      guard case .search(let search) = stage.action,
        let record = manifest.record(of: stage.key), record.search == nil,
        let trials = plan.trials(of: stage.key, records: commits.records),
        let stop = trials.stop
      else { continue }
      let report = SearchReport(trials, stop: stop, before: search.search.start)
      try commits.withStore { try $0.note(report, key: stage.key) }
    }
  }

  /// Decides trials whose models are stored but whose verdicts are not, as far as that takes no
  /// training: a run was killed in between, or its manifest was lost.
  ///
  /// - Returns: whether any was decided.
  func decideStoredTrials() throws -> Bool {
    var hasDecided = false
    for stage in plan.stages {
      guard case .search(let search) = stage.action else { continue }
      let trials = plan.trials(of: stage.key, records: commits.records)
      guard let last = trials?.open.last, manifest.record(of: last.key)?.file != nil,
        let before = try models.stored(stage.parent),
        let after = try models.stored(last.key)
      else { continue }
      let verdict = TrialComparison(
        test: search.test, before: try scores(of: before, stage: stage)
      )
      .verdict(on: try scores(of: after, stage: last))
      try commits.withStore { try $0.note(verdict, key: last.key) }
      environment.events(.trialTested(reference(plan.stage(under: last.key) ?? last), verdict))
      hasDecided = true
    }
    return hasDecided
  }
}

extension SearchReport {
  /// How the search ended whose trials are all decided.
  fileprivate init(_ trials: SearchTrials, stop: SearchStop, before: Int) {
    self.init(
      reason: stop.reason.rawValue, source: trials.source, held: trials.held?.name,
      trials: stop.trials, rollbacks: stop.rollbacks, before: before, weights: stop.kept,
      wallClockSeconds: trials.decided.reduce(0) { $0 + $1.seconds })
  }
}
