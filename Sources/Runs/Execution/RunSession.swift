import Datasets
import NeuralNetworks
import NumericCore
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
    /// A copy of the schedule, where the schedule itself is not there any more.
    package var copy: String?
    /// Stops behind this stage.
    package var until: String?
    /// The checkpoint that the run begins with in place of what the schedule says.
    package var start: String?
    /// `key.path=value`, in place of what the schedule says.
    package var overrides: [String] = []
    /// Time, values of `${NAME}`, free space.
    package var surroundings: Surroundings
    /// The command that goes on after an interruption.
    package var continueCommand: String
    /// Whether other data than those of the existing run are an error rather than a new start.
    package var demandsSameData = false
    /// Whether a model made with another processor, library or engine is an error rather than a warning.
    package var isStrict = false
    /// Takes how far a table is on its way to a file of numbers.
    package var tellConversion: @Sendable (TableConversion) -> Void = { _ in }

    package init(checkpoints: String, surroundings: Surroundings, continueCommand: String) {
      self.checkpoints = checkpoints
      self.surroundings = surroundings
      self.continueCommand = continueCommand
    }
  }

  package let schedule: RunSchedule
  let scheduleBytes: [UInt8]
  let schedulePath: String
  let options: Options
  let reading: DataReading
  package let folder: RunFolder

  /// Reads and checks the schedule at `path`.
  ///
  /// - Throws: `ScheduleError`.
  package init(schedulePath path: String, options: Options) throws {
    if let recorded = options.folder, options.copy == nil, NamedFile(path).isStream {
      throw RunFailure.missing(
        path: path,
        what: "the run's schedule came from a pipe, which gives it only once; start it again with "
          + "ecpipe run (a copy is \(recorded.schedule))")
    }
    let file: RunScheduleFile
    do throws(ScheduleError) {
      file = try RunScheduleFile(
        path: path, copy: options.copy, overrides: options.overrides,
        start: options.start.map(FilePaths.absolute),
        environment: options.surroundings.environment)
    } catch {
      throw error.tellingRestoration()
    }
    schedule = file.schedule
    scheduleBytes = file.bytes
    schedulePath = path
    self.options = options
    folder = options.folder ?? RunFolder(checkpoints: options.checkpoints, name: schedule.name)
    reading = DataReading(
      schedule.data, of: path, seed: schedule.seed, start: schedule.model.start,
      checkpoints: folder.checkpoints, hashesRows: schedule.nightly != nil,
      threads: options.surroundings.threads(), tellConversion: options.tellConversion)
  }

  /// Whether the schedule is a copy, because its file is not there any more.
  package var readsCopy: Bool { options.copy != nil }

  /// The folder that the schedule's paths are relative to.
  package var scheduleFolder: String { NamedFile(schedulePath).folder }

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
    /// What the data are, where they had to be read and somebody asked.
    var summary: DataSummary?

    /// Sentences about the data and the plan that the user should see.
    package var notices: [Notice] {
      data.notices + plan.warnings.map(Notice.warning)
    }
  }

  /// Plans without computing or writing anything. Data that have not changed since they were last
  /// read are not read again.
  ///
  /// - Parameter summarizing: whether it will be asked what the data are.
  /// - Throws: `DatasetError`, `StoreError`, `RunFailure.missing`, `.invalid`, `ScheduleError`.
  package func preview(summarizing: Bool = false) throws -> Preview {
    let manifest = try manifestOnDisk().manifest
    if let known = manifest?.data, reading.isCurrent(known) {
      let plan = try plan(facts: known.facts, manifest)
      return Preview(plan: plan, manifest: manifest, data: known, parts: nil)
    }
    let first = try reading.record(summarizing: summarizing)
    let plan = try plan(facts: first.record.facts, manifest)
    return Preview(
      plan: plan, manifest: manifest, data: first.record, parts: first.parts,
      summary: first.summary)
  }

  /// What `preview` finds, if the files can be written and there is the memory for all that is not done.
  ///
  /// - Throws: as `preview` does.
  package func feasiblePreview(summarizing: Bool = false) throws -> Preview {
    if let file = RunLocator(checkpoints: folder.checkpoints).obstacle { throw file }
    let memory = options.surroundings.memory()
    let preview = try preview(summarizing: summarizing)
    try placing { () throws(PlanObstacle) in try checkWrittenFiles(of: preview.plan) }
    try MemoryNeed(of: preview.plan, done: done(preview))?.demand(memory)
    return preview
  }

  /// The keys of stages that are not done again.
  private func done(_ preview: Preview) -> Set<String> {
    options.fresh ? [] : Set((preview.manifest?.recordsByKey ?? [:]).keys)
  }

  /// What the data of `preview` are; nil for generated ones. They are read where that is not known yet.
  ///
  /// - Throws: `DatasetError`, `RunFailure.missing`.
  package func summary(_ preview: Preview) throws -> DataSummary? {
    try preview.summary ?? reading.summary()
  }

  /// The plan of the schedule on the data as `manifest` has them, which are not looked at.
  ///
  /// - Throws: `ScheduleError` for an obstacle.
  func plan(recordedBy manifest: Manifest) throws -> Plan {
    try plan(facts: manifest.data.facts, manifest)
  }

  private func plan(facts: DataFacts, _ manifest: Manifest?) throws -> Plan {
    try placing { () throws(PlanObstacle) in try Plan(of: schedule, facts: facts) }
      .expanded(by: manifest?.recordsByKey ?? [:])
  }

  /// What `work` returns; an obstacle that it meets is told where the schedule has it.
  private func placing<Result>(_ work: () throws(PlanObstacle) -> Result) throws -> Result {
    do {
      return try work()
    } catch {
      let document = try ScheduleDocument(
        scheduleBytes, overrides: options.overrides, start: options.start.map(FilePaths.absolute))
      throw error.error(in: schedulePath, Field(placesIn: document))
    }
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
  /// - Parameters:
  ///   - known: what `feasiblePreview` has found just now; nil where nobody has asked.
  ///   - ranks: other processes that share steps of trainings.
  /// - Returns: the run as it stands at the end, and how many stages were computed.
  /// - Throws: `RunFailure`, `StoreError`, `DatasetError`.
  package func run(
    _ known: Preview? = nil, pool: WorkerPool, ranks: RankGroup? = nil, events: @escaping EventSink,
    isInterrupted: @escaping () -> Bool
  ) throws -> (plan: Plan, manifest: Manifest, computed: Int) {
    try folder.refuseOtherKind()
    let preview = try known ?? feasiblePreview()
    if let from = options.from { _ = try preview.plan.index(ofStage: from) }
    if let until = options.until {
      try preview.plan.checkEnd(until)
      let last = try preview.plan.index(ofStage: until)
      if let from = options.from, try preview.plan.index(ofStage: from) > last {
        throw RunFailure.commandLine(
          "--from \(from) comes after --until \(until), so there is nothing to do; swap them, or "
            + "leave one out")
      }
    }
    try FilePaths.makeFolders(folder.checkpoints)
    let lock = try FileLock(path: folder.lock, startedAt: options.surroundings.now())
    defer { withExtendedLifetime(lock) {} }
    // Again, now that no study can begin there.
    try folder.refuseOtherKind()

    if options.isStrict, !options.fresh {
      let end = try options.until.map { try preview.plan.index(ofStage: $0) + 1 }
      try refuseOtherFingerprint(
        preview.plan, until: end ?? preview.plan.stages.count, manifestOnDisk().manifest)
    }
    var store = try openStore(preview.plan, preview.data, events, lock)
    // Events are logged in the run's folder, so nothing is said before it is there.
    if let warning = try noteStart() { events(.warning(warning)) }
    let order = schedule.model.start.flatMap { ClassOrder.note(of: $0, on: preview.plan.facts) }
    ((schedule.model.start?.notes ?? []) + [order].compactMap { $0 }).forEach { events(.note($0)) }
    (preview.notices + replacedExports(of: preview.plan, done: done(preview))).forEach {
      events(.notice($0))
    }
    if let from = options.from { try forgetStages(from: from, in: preview.plan, &store) }
    let executor = Executor(
      plan: preview.plan, store: store,
      environment: Executor.Environment(
        pool: ranks.map { pool.joined(to: $0) } ?? pool, ranks: ranks, events: events,
        isInterrupted: isInterrupted, saveEvery: schedule.checkpoints.every,
        continueCommand: options.continueCommand,
        demandsSameFingerprint: options.isStrict, surroundings: options.surroundings,
        loadData: {
          let data = try data(preview) {
            guard isInterrupted() else { return nil }
            return .interrupted(stage: "data", command: options.continueCommand)
          }
          guard schedule.data.isSharded, let ranks, ranks.size > 1 else { return data }
          return try data.sharded(among: ranks, pool: pool)
        }))
    let computed: Int
    do {
      computed = try executor.run(until: options.until)
    } catch {
      // What cannot be folded now is when the run goes on.
      try? executor.fold()
      if case RunFailure.interrupted = error {} else { events(.runEnded(.failed("\(error)"))) }
      throw error
    }
    try executor.fold()
    if let until = options.until,
      try preview.plan.index(ofStage: until) + 1 < preview.plan.stages.count
    {
      events(.runEnded(.stopped(behind: until)))
    }
    let manifest = executor.manifest
    return (preview.plan.expanded(by: manifest.recordsByKey), manifest, computed)
  }

  // MARK: Data

  /// The files with the data, from the root; empty for generated ones.
  package var dataFiles: [String] { reading.files }

  /// The digest of the data's files as they are now, whatever their stamps say.
  ///
  /// - Throws: `DatasetError` for what is no regular file, `StoreError`, `RunFailure.missing`.
  package func dataDigest() throws -> String { try reading.digest() }

  /// The data as they are now, without a plan.
  ///
  /// - Throws: `StoreError`, `DatasetError`, `RunFailure.missing`.
  package func loadData() throws -> RunData {
    RunData(try reading.parts(), blocks: schedule.data.blocks)
  }

  /// The data that `preview` planned with.
  ///
  /// - Parameter interruption: what is thrown where somebody has asked to stop meanwhile; nil where nobody has.
  /// - Throws: as `preview` does, `RunFailure.invalid` where they have changed meanwhile, and the interruption.
  package func data(
    _ preview: Preview, interruption: @escaping () -> RunFailure? = { nil }
  ) throws -> RunData {
    if let parts = preview.parts { return RunData(parts, blocks: schedule.data.blocks) }
    let parts = try reading.parts(interruption: interruption)
    guard reading.isCurrent(preview.data) else {
      throw RunFailure.invalid(
        "\(schedulePath): data: a file changed while it was read; run the same command again")
    }
    return RunData(parts, blocks: schedule.data.blocks)
  }
}
