import Formats
import NeuralNetworks
import NumericCore

/// One call of `run` or `resume`: from a schedule's file to a finished, or continued, run.
///
/// Nothing on disk changes before schedule and data have been read, checked and planned.
package struct RunSession {
  /// What the command line adds to the schedule.
  package struct Options: Sendable {
    /// The folder of all runs.
    package var checkpoints: String
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
    request = schedule.data.request(folder: FilePaths.folder(of: path), seed: schedule.seed)
    dataSettings = schedule.data.canonical(seed: schedule.seed)
    folder = RunFolder(checkpoints: options.checkpoints, name: schedule.name)
  }

  /// The plan, and the manifest of the run as it is on disk.
  package struct Preview {
    package let plan: Plan
    package let manifest: Manifest?
    /// Why the manifest on disk cannot be used; nil when it can, or when there is none.
    package let manifestProblem: ManifestError?
    let data: DataRecord
    /// The parts, where they had to be read.
    let parts: DataParts?
  }

  /// Plans without computing or writing anything. Data that have not changed since they were last
  /// read are not read again.
  ///
  /// - Throws: `ManifestError.newer`, `DatasetError`, `StoreError`, `RunFailure.invalid`.
  package func preview() throws -> Preview {
    var manifest: Manifest?
    var problem: ManifestError?
    do {
      manifest = try CheckpointStore.manifest(of: folder)
    } catch let error as ManifestError {
      guard case .damaged = error else {
        throw RunFailure.invalid("\(folder.manifest): \(error)")
      }
      problem = error
    }
    if let known = manifest?.data, known.isCurrent(for: request, settings: dataSettings) {
      let plan = try Plan(of: schedule, facts: known.facts)
      return Preview(
        plan: plan, manifest: manifest, manifestProblem: problem, data: known, parts: nil)
    }
    let missing = MissingData(data: schedule.data, folder: FilePaths.folder(of: schedulePath))
    let (record, parts) = try missing.explaining {
      try DataRecord.reading(request, settings: dataSettings)
    }
    return Preview(
      plan: try Plan(of: schedule, facts: record.facts), manifest: manifest,
      manifestProblem: problem, data: record, parts: parts)
  }

  /// The plan, and the data in memory.
  ///
  /// - Throws: as `preview` does.
  package func planAndData() throws -> (plan: Plan, data: RunData) {
    let preview = try preview()
    return (preview.plan, RunData(try preview.parts ?? request.load()))
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
    if let until = options.until { _ = try preview.plan.index(ofStage: until) }
    try FilePaths.makeFolders(options.checkpoints)
    let lock = try RunLock(path: folder.lock, startedAt: Timestamp.now)
    defer { withExtendedLifetime(lock) {} }
    if options.fresh, FilePaths.exists(folder.path) { try moveOldRun(events) }

    var store = try openStore(preview, events)
    if let from = options.from { try forgetStages(from: from, in: preview.plan, &store) }
    let sink = LoggingSink(log: EventLog(path: folder.events), next: events)
    let (parts, request) = (preview.parts, request)
    var executor = Executor(
      plan: preview.plan,
      environment: Executor.Environment(
        pool: pool, events: { sink.receive($0) }, isInterrupted: isInterrupted,
        saveEvery: schedule.checkpoints.every, continueCommand: options.continueCommand,
        loadData: { RunData(try parts ?? request.load()) }))
    let computed = try executor.run(&store, until: options.until)
    return (preview.plan, store.manifest, computed)
  }

  // MARK: The folder

  /// Opens the run's folder, or makes it.
  private func openStore(_ preview: Preview, _ events: EventSink) throws -> CheckpointStore {
    let level = schedule.checkpoints.level
    let plan = preview.plan
    let written = schedule.json
    let path = FilePaths.absolute(schedulePath)
    // Read again under the lock: another run may have ended in between.
    let existing = try? CheckpointStore.manifest(of: folder)
    if let existing {
      let previous = existing.data.facts.digest
      if previous != plan.facts.digest {
        try refuseChangedData(existing)
        events(
          .warning("the data have changed since the last run: all stages are computed anew"))
      }
      var store = try CheckpointStore(opening: folder, manifest: existing, level: level)
      try store.update { manifest in
        manifest.schedulePath = path
        manifest.overrides = options.overrides
        manifest.schedule = written
        manifest.root = plan.root
        manifest.data = preview.data
      }
      try store.saveSchedule(scheduleBytes)
      return store
    }
    if let problem = preview.manifestProblem, !options.fresh {
      events(
        .warning(
          "\(folder.manifest): damaged (\(problem)); it is set aside, and sound checkpoints of this "
            + "schedule are taken up again"))
      try DurableFile.move(folder.manifest, to: folder.unusedPath(folder.manifest + ".damaged"))
    }
    let manifest = Manifest(
      name: plan.name, schedulePath: path, overrides: options.overrides, schedule: written, root: plan.root, data: preview.data,
      stages: [])
    let store = try CheckpointStore(creating: folder, manifest: manifest, level: level)
    try store.saveSchedule(scheduleBytes)
    return store
  }

  /// Changed data under an unfinished stage, or in a resumed run, stop before anything is written.
  private func refuseChangedData(_ manifest: Manifest) throws {
    if let summary = try? StoredCheckpoint.summary(of: folder.progress) {
      throw RunFailure.dataChanged(
        run: folder.path, stage: summary.lineage["stage"]?.stringValue ?? "unknown")
    }
    if options.demandsSameData {
      throw RunFailure.dataChanged(
        run: folder.path, stage: manifest.stages.last?.name ?? "the first")
    }
  }

  private func moveOldRun(_ events: EventSink) throws {
    var number = 1
    while FilePaths.exists("\(folder.path).old-\(number)") { number += 1 }
    try DurableFile.move(folder.path, to: "\(folder.path).old-\(number)")
    events(.warning("the old run is now \(folder.path).old-\(number)"))
  }

  private func forgetStages(
    from stage: String, in plan: Plan, _ store: inout CheckpointStore
  ) throws {
    let again = plan.stages[try plan.index(ofStage: stage)...]
    let keys = again.map(\.key)
    for stage in again where stage.kind.changesModel {
      // Out of the way, so that it is not taken up again.
      let file = folder.file(
        RunFolder.checkpointName(position: stage.position, stage: stage.name, key: stage.key))
      if FilePaths.exists(file) {
        try DurableFile.move(file, to: folder.unusedPath(file + ".replaced"))
      }
    }
    try store.update { manifest in
      manifest.stages.removeAll { keys.contains($0.key) }
    }
    try store.removeProgress()
  }
}
