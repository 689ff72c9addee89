import Datasets
import NeuralNetworks
import NumericCore
import Pipeline
import Schedules
import Storage

/// One call of `run` or `resume`: from a schedule's file to a finished, or continued, run.
///
/// Nothing on disk changes before schedule and data have been read, checked and planned.
package struct RunSession {
  /// What the command line adds to the schedule.
  package struct Options: Sendable {
    /// The folder of all runs.
    package var checkpoints: String
    /// The folder of the run; without it, the one that has the schedule's name.
    package var folder: RunFolder?
    /// Moves an existing run aside and starts anew.
    package var fresh = false
    /// Computes this stage and all behind it again.
    package var from: String?
    /// Stops behind this stage.
    package var until: String?
    /// `key.path=value`, in place of what the schedule says.
    package var overrides: [String] = []
    /// Values of `${NAME}`.
    package var environment: @Sendable (String) -> String?
    /// The command that goes on after an interruption.
    package var continueCommand: String
    /// Whether other data than those of the existing run are an error rather than a new start.
    package var demandsSameData = false
    /// Whether a model made with another processor or other libraries is an error rather than a warning.
    package var isStrict = false
    /// Bytes that are free where a path lies; nil where that is not known.
    package var freeSpace: @Sendable (String) -> Int? = { FreeSpace.bytes(at: $0) }

    package init(
      checkpoints: String, environment: @escaping @Sendable (String) -> String?,
      continueCommand: String
    ) {
      self.checkpoints = checkpoints
      self.environment = environment
      self.continueCommand = continueCommand
    }
  }

  private let schedule: Schedule
  private let scheduleBytes: [UInt8]
  private let schedulePath: String
  private let options: Options
  private let request: DataRequest
  private let dataSettings: JSONValue
  package let folder: RunFolder

  /// Reads and checks the schedule at `path`.
  ///
  /// - Throws: `ScheduleError`.
  package init(schedulePath path: String, options: Options) throws {
    let file = try ScheduleFile(
      path: path, overrides: options.overrides, environment: options.environment)
    schedule = file.schedule
    scheduleBytes = file.bytes
    schedulePath = path
    self.options = options
    let start = schedule.model.start
    request = schedule.data.request(
      folder: FilePaths.folder(of: path), seed: schedule.seed, network: start?.interface)
    var dataSettings = schedule.data.canonical(seed: schedule.seed)
    // The order of the classes is that of the network.
    if let start { dataSettings["network"] = .string(start.digest) }
    self.dataSettings = dataSettings
    folder = options.folder ?? RunFolder(checkpoints: options.checkpoints, name: schedule.name)
  }

  /// Which checkpoints the schedule keeps when `gc` is called.
  package var keep: CheckpointSettings.Keep { schedule.checkpoints.keep }

  /// The plan, with the trials of its searches that are known, and the manifest of the run as it is on
  /// disk.
  package struct Preview {
    package let plan: Plan
    package let manifest: Manifest?
    let data: DataRecord
    /// The parts, where they had to be read.
    let parts: DataParts?
  }

  /// Plans without computing or writing anything. Data that have not changed since they were last
  /// read are not read again.
  ///
  /// - Throws: `DatasetError`, `StoreError`, `RunFailure.missing`, `.invalid`.
  package func preview() throws -> Preview {
    let manifest = try manifestOnDisk().manifest
    if let known = manifest?.data, known.isCurrent(for: request, settings: dataSettings) {
      let plan = try plan(facts: known.facts, manifest)
      return Preview(plan: plan, manifest: manifest, data: known, parts: nil)
    }
    let (record, parts) = try explainingMissingData {
      try DataRecord.reading(
        request, settings: dataSettings, solutions: solutions(isWritable: false))
    }
    let plan = try plan(facts: record.facts, manifest)
    return Preview(plan: plan, manifest: manifest, data: record, parts: parts)
  }

  private func plan(facts: DataFacts, _ manifest: Manifest?) throws -> Plan {
    try Plan(of: schedule, facts: facts).expanded(by: manifest?.recordsByKey ?? [:])
  }

  /// The plan, and the data in memory.
  ///
  /// - Throws: as `preview` does.
  package func planAndData() throws -> (plan: Plan, data: RunData) {
    let preview = try preview()
    return (preview.plan, try data(preview))
  }

  /// Computes what is not done.
  ///
  /// - Returns: the run as it stands at the end, and how many stages were computed.
  /// - Throws: `RunFailure`, `StoreError`, `DatasetError`.
  package func run(
    pool: WorkerPool, events: @escaping EventSink, isInterrupted: @escaping () -> Bool
  ) throws -> (plan: Plan, manifest: Manifest, computed: Int) {
    let preview = try preview()
    if let from = options.from { _ = try preview.plan.index(ofStage: from) }
    if let until = options.until {
      try preview.plan.checkEnd(until)
      let last = try preview.plan.index(ofStage: until)
      if let from = options.from, try preview.plan.index(ofStage: from) > last {
        throw RunFailure.commandLine(
          "--from \(from) comes behind --until \(until), so there is nothing to do; swap them, or "
            + "leave one out")
      }
    }
    try FilePaths.makeFolders(folder.checkpoints)
    let lock = try FileLock(path: folder.lock, startedAt: Timestamp.now)
    defer { withExtendedLifetime(lock) {} }

    if options.isStrict, !options.fresh {
      let end = try options.until.map { try preview.plan.index(ofStage: $0) + 1 }
      try refuseOtherFingerprint(
        preview.plan, until: end ?? preview.plan.stages.count, manifestOnDisk().manifest)
    }
    var store = try openStore(preview.plan, preview.data, events)
    if let from = options.from { try forgetStages(from: from, in: preview.plan, &store) }
    var executor = Executor(
      plan: preview.plan,
      environment: Executor.Environment(
        pool: pool, events: events, isInterrupted: isInterrupted,
        saveEvery: schedule.checkpoints.every, continueCommand: options.continueCommand,
        demandsSameFingerprint: options.isStrict, freeSpace: options.freeSpace,
        loadData: { try data(preview) }))
    let computed = try executor.run(&store, until: options.until)
    let plan = preview.plan.expanded(by: store.manifest.recordsByKey)
    return (plan, store.manifest, computed)
  }

  // MARK: Data

  /// The data that `preview` planned with.
  private func data(_ preview: Preview) throws -> RunData {
    if let parts = preview.parts { return RunData(parts) }
    let parts = try explainingMissingData {
      try request.load(solutions: solutions(isWritable: true))
    }
    guard preview.data.isCurrent(for: request, settings: dataSettings) else {
      throw RunFailure.invalid(
        "\(schedulePath): data: a file changed while it was read; run the same command again")
    }
    return RunData(parts)
  }

  /// Where the solutions of generated data come from, and whether new ones are kept.
  private func solutions(isWritable: Bool) -> SolutionSource {
    let kept = GeneratedSolutions(checkpoints: folder.checkpoints, isWritable: isWritable)
    return { kept.solutions(of: $0) }
  }

  private func explainingMissingData<Result>(_ read: () throws -> Result) throws -> Result {
    try MissingData(data: schedule.data, folder: FilePaths.folder(of: schedulePath))
      .explaining(read)
  }

  // MARK: The folder

  /// The manifest; nil when there is none, when it is damaged, and then also why, or when the run
  /// starts anew whatever it says.
  private func manifestOnDisk() throws -> (manifest: Manifest?, damage: String?) {
    do {
      return (try CheckpointStore.manifest(of: folder), nil)
    } catch RunFailure.damaged(_, let reason) {
      return (nil, reason)
    } catch {
      if options.fresh { return (nil, nil) }
      throw error
    }
  }

  /// Opens the run's folder, or makes it. Nothing changes there before it is known that the run can
  /// go on.
  private func openStore(
    _ plan: Plan, _ data: DataRecord, _ events: EventSink
  ) throws -> CheckpointStore {
    let writing = schedule.checkpoints.writing
    var fresh = Manifest(
      name: plan.name, schedulePath: FilePaths.absolute(schedulePath),
      overrides: options.overrides, schedule: schedule.json, root: plan.root, data: data,
      stages: [])
    if options.fresh {
      let old = try folder.moveAside()
      let store = try CheckpointStore(creating: folder, manifest: fresh, writing: writing)
      try store.saveSchedule(scheduleBytes)
      if let old { events(.warning("the old run is now \(old)")) }
      return store
    }
    // Read again under the lock: another run may have ended in between.
    let (existing, damage) = try manifestOnDisk()
    try refuseChangedData(plan, existing)
    let store: CheckpointStore
    if let existing {
      fresh.stages = existing.stages
      fresh.times = existing.times
      var opened = try CheckpointStore(opening: folder, manifest: existing, writing: writing)
      try opened.update { $0 = fresh }
      store = opened
      if existing.data.facts.digest != plan.facts.digest {
        events(
          .warning("the data have changed since the last run: all stages are computed anew"))
      }
    } else {
      var old: String?
      if damage != nil {
        let path = folder.unusedPath(folder.manifest + ".damaged")
        try DurableFile.move(folder.manifest, to: path)
        old = path
      }
      store = try CheckpointStore(creating: folder, manifest: fresh, writing: writing)
      if let damage, let old {
        events(
          .warning(
            "\(folder.manifest): damaged (\(damage)); it is now \(old), and sound checkpoints of "
              + "this schedule are taken up again"))
      }
    }
    try store.saveSchedule(scheduleBytes)
    return store
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

  private func forgetStages(
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
