extension Executor {
  /// Makes sure, before `stage` is computed, that all it may write will fit on the disk.
  ///
  /// - Throws: `RunFailure.noSpace`; nothing has been touched then.
  func demandSpace(for stage: PlannedStage) throws(RunFailure) {
    guard let free = environment.surroundings.freeSpace(folder.path) else { return }
    let manifestBytes = commits.store.manifestBytes
    var needed = StageFootprint(of: stage, in: plan, manifestBytes: manifestBytes)
    // What is being compressed beside is written first.
    if let before = commits.pendingStage {
      needed.checkpoint +=
        StageFootprint(of: before, in: plan, manifestBytes: manifestBytes).checkpoint
    }
    if free < needed.bytes {
      throw .noSpace(folder: folder.path, stage: stage.name, needed: needed, free: free)
    }
  }
}
