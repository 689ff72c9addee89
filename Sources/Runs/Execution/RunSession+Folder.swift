import Schedules
import Storage

/// The folder of a run: read before anything is planned, opened or made under its lock.
extension RunSession {
  /// The manifest as far as it is sound, and what of it is damaged; nil when there is none, or when the
  /// run starts anew whatever it says.
  func manifestOnDisk() throws -> (
    manifest: Manifest?, damage: (file: String, reason: String)?
  ) {
    do {
      return try CheckpointStore.soundManifest(of: folder)
    } catch {
      if options.fresh { return (nil, nil) }
      throw error
    }
  }

  /// Opens the run's folder, or makes it. Nothing changes there before it is known that the run can
  /// go on.
  func openStore(
    _ plan: Plan, _ data: DataRecord, _ events: EventSink, _ lock: FileLock
  ) throws -> CheckpointStore {
    let writing = schedule.checkpoints.writing
    var fresh = Manifest(
      name: plan.name, schedulePath: FilePaths.absolute(schedulePath),
      overrides: schedule.nightly?.recorded(options.overrides) ?? options.overrides,
      schedule: schedule.json, root: plan.root, data: data,
      stages: [])
    if options.fresh {
      let old = try folder.moveAside()
      let store = try CheckpointStore(
        creating: folder, manifest: fresh, writing: writing, lock: lock)
      try store.saveSchedule(recordedSchedule)
      if let old { events(.note("the old run is now \(old)")) }
      return store
    }
    // Read again under the lock: another run may have ended in between.
    let (existing, damage) = try manifestOnDisk()
    try refuseChangedData(plan, existing)
    let aside = try setAside(damage?.file)
    var store: CheckpointStore
    if let existing {
      if let notice = replacement(of: existing, by: plan) { events(.notice(notice)) }
      fresh.stages = existing.stages
      fresh.times = existing.times
      store = try CheckpointStore(opening: folder, manifest: existing, writing: writing, lock: lock)
      try store.announceSchedule(recordedSchedule, schedule.json)
      try store.update { $0 = fresh }
      let work = Self.work(of: plan, beside: existing)
      if existing.data.facts.digest != plan.facts.digest {
        events(.warning("the data have changed since the last run: \(work)"))
      }
      if let engine = Fingerprint.engineDifferences(of: existing).first {
        events(
          .warning(
            "the last run's results are another engine's, with other bits (\(engine)): \(work)"))
      }
    } else {
      store = try CheckpointStore(creating: folder, manifest: fresh, writing: writing, lock: lock)
    }
    if let damage, let aside {
      events(
        .warning(
          "\(damage.file): damaged (\(damage.reason)); it is now \(aside), and sound checkpoints of "
            + "this schedule are taken up again"))
    }
    try store.saveSchedule(recordedSchedule)
    return store
  }

  /// What is computed where data or engine are others than those of the last run: what the folder has of these, from
  /// a run before that, is not.
  private static func work(of plan: Plan, beside existing: Manifest) -> String {
    plan.stages.contains { existing.record(of: $0.key) != nil }
      ? "stages that an earlier run has done with these are not done again, all others are computed anew"
      : "all stages are computed anew"
  }

  /// The schedule as given, without addresses of its nights.
  var recordedSchedule: [UInt8] {
    schedule.nightly?.recorded(scheduleBytes) ?? scheduleBytes
  }

  /// Puts the damaged `file` aside: the manifest with its journal, which is of no use without it, or the
  /// journal alone, of which a copy is kept, because its sound part is not folded yet.
  ///
  /// - Returns: where it is now; nil for no file.
  private func setAside(_ file: String?) throws(StoreError) -> String? {
    guard let file else { return nil }
    let path = folder.unusedPath(forDamaged: file)
    if file == folder.journal {
      try DurableFile.write(FilePaths.read(file), to: path)
      return path
    }
    if FilePaths.isTaken(folder.journal) {
      try DurableFile.move(folder.journal, to: folder.unusedPath(forDamaged: folder.journal))
    }
    try DurableFile.move(file, to: path)
    return path
  }

  /// Changed data under an unfinished stage, or in a resumed run, stop before anything is written.
  private func refuseChangedData(_ plan: Plan, _ existing: Manifest?) throws {
    if let lineage = try? StoredCheckpoint.summary(of: folder.progress).lineage,
      lineage["data"]?.stringValue != plan.facts.digest
    {
      // A stage that is finished has left its progress behind when the run was killed right then.
      let isFinished = lineage["key"]?.stringValue.map { existing?.record(of: $0) != nil }
      if isFinished != true {
        throw RunFailure.dataChanged(
          run: folder.path, stage: lineage["stage"]?.stringValue ?? "unknown")
      }
    }
    if options.demandsSameData, let existing, existing.data.facts.digest != plan.facts.digest {
      throw RunFailure.dataChanged(run: folder.path, stage: nil)
    }
  }

  func forgetStages(
    from stage: String, in plan: Plan, _ store: inout CheckpointStore
  ) throws {
    let named = try plan.index(ofStage: stage)
    // With a search go its trials, which come before it.
    let first = plan.stages.firstIndex { $0.trial?.search == plan.stages[named].key } ?? named
    let keys = plan.stages[first...].map(\.key)
    try store.forget(keys: keys)
    if let lineage = try? StoredCheckpoint.summary(of: folder.progress).lineage,
      let key = lineage["key"]?.stringValue, keys.contains(key)
    {
      try store.removeProgress()
    }
  }
}
