import NeuralNetworks

extension Executor {
  /// Warns where a pruning has ruined the model, unless training follows that may mend it.
  ///
  /// - Parameters:
  ///   - record: of the stage, with what its model was measured at.
  ///   - base: the model before it.
  func warnOfCollapse(
    _ stage: PlannedStage, _ record: StageRecord, _ work: StageWork,
    from base: () throws -> ModelState
  ) throws {
    guard stage.trial == nil, let pruning = stage.action.modelStage?.pruning,
      !plan.isTrained(after: stage), let after = record.metrics.first
    else { return }
    let known = manifest.record(of: stage.source)?.metrics.first { $0.part == after.part }
    let before = try known ?? work.metrics(of: base(), on: work.data.measuringPart)
    let collapse = PruningCollapse(
      from: before.metrics, to: after.metrics, outputs: pruning.outputs,
      againstTargets: true)
    guard let collapse else { return }
    let remedies =
      ["lower its sparsity", "put a finetune stage after it"]
      + (pruning.criterion.untrainedAdvice(pruning.budget).map { ["let it have \($0)"] } ?? [])
    hasWarnedOfCollapse = true
    environment.events(
      .warning(
        "stage \(stage.name): \(collapse) on the \(after.part) part, and no training follows; "
          + remedies.joined(separator: ", or ")))
  }
}

extension Plan {
  /// Whether a stage trains after `stage` before another one prunes.
  fileprivate func isTrained(after stage: PlannedStage) -> Bool {
    for next in stages.dropFirst(stage.position) {
      switch next.action {
      case .search: return false
      case .leaf: continue
      case .model(let model):
        if model.trains { return true }
        if model.pruning != nil { return false }
      }
    }
    return false
  }
}
