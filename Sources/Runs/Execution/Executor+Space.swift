import Pipeline
import Storage

extension Executor {
  /// Makes sure, before `stage` is computed, that all it may write will fit on the disk.
  ///
  /// - Throws: `RunFailure.noSpace`; nothing has been touched then.
  func demandSpace(for stage: PlannedStage, in store: CheckpointStore) throws(RunFailure) {
    guard let free = environment.surroundings.freeSpace(store.folder.path) else { return }
    let manifestBytes = store.manifestBytes
    var needed = StageFootprint(of: stage, in: plan, manifestBytes: manifestBytes).bytes
    // What is being compressed beside is written first.
    if let before = pendingStage {
      needed += StageFootprint(of: before, in: plan, manifestBytes: manifestBytes).checkpoint
    }
    if free < needed {
      throw .noSpace(folder: store.folder.path, stage: stage.name, needed: needed, free: free)
    }
  }
}
