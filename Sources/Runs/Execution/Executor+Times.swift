import Pruning
import Scheduler
import Storage

/// What layers take, for stages that prune to a limit of milliseconds.
extension Executor {
  /// The times that `stage` goes by: those that the run has measured before, or measured now and
  /// stored before anything depends on them; nil for a stage that goes by none.
  mutating func times(
    for stage: PlannedStage, _ store: inout CheckpointStore
  ) throws -> [LayerTime]? {
    guard let call = stage.callTime else { return nil }
    let architecture = plan.architecture
    var found = store.manifest.times(of: architecture, batch: call.batch)
    if found == nil {
      let measured = try environment.measureTimes(architecture, call.batch, environment.pool)
      try store.keep(measured)
      environment.events(.layersTimed(reference(stage), measured))
      found = measured
    }
    times = found
    return found?.layers
  }

  /// The times as the lineage of `stage` has them; nil for a stage that goes by none.
  func timesInLineage(of stage: PlannedStage) -> JSONValue? {
    guard let call = stage.callTime, let times,
      times.fits(plan.architecture, batch: call.batch)
    else { return nil }
    return times.json
  }

  /// Takes up the times that a checkpoint was made by, where the run does not have any: its manifest
  /// was lost.
  func restoreTimes(
    of stage: PlannedStage, from lineage: JSONValue, _ store: inout CheckpointStore
  ) throws {
    guard let call = stage.callTime, let json = lineage["times"],
      let times = try? InferenceTimes(json: json),
      times.fits(plan.architecture, batch: call.batch),
      store.manifest.times(of: plan.architecture, batch: call.batch) == nil
    else { return }
    try store.keep(times)
  }
}
