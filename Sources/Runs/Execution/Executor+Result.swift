import Storage

/// The link to the run's result.
extension Executor {
  /// Points the run's result at the last model stage of the plan that has a checkpoint.
  ///
  /// - Parameter committed: the stage that has just got one: where it comes behind the last so far, no
  ///   other has to be looked at.
  func pointResult(behind committed: PlannedStage? = nil) throws(StoreError) {
    var candidates = plan.stages[...]
    if let committed, let last = resultKey.flatMap(plan.stage(under:)),
      let now = plan.stage(under: committed.key), now.position > last.position
    {
      candidates = [now]
    }
    for stage in candidates.reversed() where stage.kind.changesModel {
      guard let record = manifest.record(of: stage.key), record.isPresent(in: folder),
        let file = record.file
      else { continue }
      resultKey = stage.key
      return try commits.store.pointResult(at: file)
    }
  }

  /// Moves the run's result on where a killed run has left it behind. That of another schedule stays until
  /// there is one of this: at once where the last model of this one is there already.
  func moveResult() throws(StoreError) {
    guard let target = FilePaths.linkTarget(folder.result),
      let stage = manifest.stages.last(where: { $0.file == target }),
      plan.stage(under: stage.key) != nil || hasLastModel
    else { return }
    try pointResult()
  }

  /// Whether the last model stage of the plan has its checkpoint.
  private var hasLastModel: Bool {
    guard let last = plan.stages.last(where: { $0.kind.changesModel }) else { return false }
    return manifest.record(of: last.key)?.isPresent(in: folder) == true
  }
}
