import Storage
/// What layers take, for stages that prune to a limit of milliseconds.
extension Executor {
  /// The times that `stage` goes by: those that the run has measured before, or measured now and
  /// stored before anything depends on them; nil for a stage that goes by none.
  func times(for stage: PlannedStage) throws -> InferenceTimes? {
    guard let call = stage.callTime else { return nil }
    if let known = manifest.times(for: stage, in: plan) { return known }
    let measured = try environment.measureTimes(
      plan.architecture, call.batch, environment.pool)
    try commits.withStore { try $0.keep(measured) }
    environment.events(.layersTimed(reference(stage), measured))
    return measured
  }

  /// Takes up the times that a checkpoint was made by, where the run does not have any: its manifest
  /// was lost.
  func restoreTimes(of stage: PlannedStage, from lineage: JSONValue) throws {
    guard let call = stage.callTime, let json = lineage["times"],
      let times = try? InferenceTimes(json: json),
      times.fits(plan.architecture, batch: call.batch),
      manifest.times(for: stage, in: plan) == nil
    else { return }
    try commits.withStore { try $0.keep(times) }
  }
}
