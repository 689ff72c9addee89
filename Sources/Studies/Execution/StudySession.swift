import Datasets
import NeuralNetworks
import Runs
import Schedules
import Storage

/// One call of `compare`: from a study's file to its table and its page.
///
/// Nothing on disk changes before study and data have been read, checked and planned.
package struct StudySession {
  /// What the command line adds to the study.
  package struct Options: Sendable {
    /// The folder of all runs and studies.
    package var checkpoints: String
    /// Whether the reduced form is computed, in a folder of its own.
    package var isQuick = false
    /// Moves what is there aside and starts anew.
    package var fresh = false
    /// Set where several processes share the study: how long one may show no sign of life before others
    /// take what it has.
    package var lease: Duration?
    /// Cells that are measured at once, at least 1.
    package var threads: Int
    /// Time, and values of `${NAME}`.
    package var surroundings: Surroundings
    /// The command that goes on after an interruption.
    package var continueCommand: String

    package init(
      checkpoints: String, threads: Int, surroundings: Surroundings, continueCommand: String
    ) {
      self.checkpoints = checkpoints
      self.threads = threads
      self.surroundings = surroundings
      self.continueCommand = continueCommand
    }
  }

  /// A study as it stands at the end.
  package struct Outcome: Sendable {
    package let plan: StudyPlan
    package let table: StudyTable
    /// Cells that were measured now.
    package let measured: Int
    /// The files written.
    package let csv: String
    package let page: String
  }

  package let settings: StudySettings
  package let folder: StudyFolder
  let bytes: [UInt8]
  let path: String
  let options: Options

  /// Reads and checks the study at `path`.
  ///
  /// - Throws: `ScheduleError`.
  package init(path: String, options: Options) throws(ScheduleError) {
    bytes = try SourceText.bytes(of: path)
    settings = try StudySettings(
      bytes, file: path, quick: options.isQuick, environment: options.surroundings.environment)
    self.path = path
    self.options = options
    folder = StudyFolder(
      checkpoints: options.checkpoints, name: settings.name + (options.isQuick ? "-quick" : ""))
  }

  /// Measures what is not measured, and writes table and page.
  ///
  /// - Parameter page: the text of the page that shows the table of a study of that name; last come the test
  ///   accuracies of guessing the largest class, by the names of data sets.
  /// - Throws: `StudyFailure`, `RunFailure`, `StoreError`, `DatasetError`.
  package func run(
    events: @escaping StudyEventSink, isInterrupted: @escaping @Sendable () -> Bool,
    page: (String, StudySettings, StudyTable, [String: Double]) -> String
  ) throws -> Outcome {
    if let lease = options.lease {
      return try share(lease, events: events, isInterrupted: isInterrupted, page: page)
    }
    let (plan, sources, known) = try preview()
    try FilePaths.makeFolders(folder.checkpoints)
    let lock = try FileLock(path: folder.lock, startedAt: options.surroundings.now())
    defer { withExtendedLifetime(lock) {} }

    let predecessor = predecessor()
    try openFolder(events)
    (obstructions + workersAtWork + notices(plan, known.map(\.record)))
      .forEach { events(.notice($0)) }
    let put = { (bytes: [UInt8], path: String) throws(StoreError) in
      try DurableFile.write(bytes, to: path)
    }
    let record = try writeRecord(of: plan, put: put)
    let log = StudyLog(path: folder.events, now: options.surroundings.now)
    let events: StudyEventSink = { event in
      log.note(event)
      events(event)
    }
    try noteStarts(events)
    let journal = StudyJournal(path: folder.cells)
    // Of workers only what nobody writes to any more.
    for path in folder.aliveWorkers.isEmpty ? folder.journals : [folder.cells] {
      try repair(path, events)
    }
    let old = try StudyResults(of: folder).results
    if let notice = replacement(of: predecessor, by: plan, old) { events(.notice(notice)) }
    let work = StudyWork(
      plan: plan, folder: folder, dense: DenseModels(folder: folder), journal: journal,
      events: events, isInterrupted: isInterrupted, continueCommand: options.continueCommand)
    let data = StudyData(sources, known) { work.interruption(StopSign(), in: folder.name) }
    let (results, guesses) = try told(events) {
      let results = try StudyExecutor(work: work, threads: options.threads).run(known: old) {
        try RunData(data.parts($0))
      }
      return (results, try self.guesses(data))
    }
    let table = StudyTable(plan, results)
    table.learningWarnings(guesses: guesses).forEach { events(.warning($0)) }
    folder.removeClaimsOfDeadWorkers()
    try write(
      [
        (folder.layout.results, table.csv),
        (folder.layout.report, page(folder.name, settings, table, guesses)),
      ], of: record, put: put)
    return Outcome(
      plan: plan, table: table, measured: results.count - old.count,
      csv: folder.results, page: folder.report)
  }

  /// Takes what a dead process left torn, and what is damaged, out of the journal at `path`.
  private func repair(_ path: String, _ events: StudyEventSink) throws {
    let journal = StudyJournal(path: path)
    try journal.removeTornLine()
    let damaged = try journal.read().damaged
    guard damaged > 0 else { return }
    let copy = folder.unusedPath(forDamaged: path)
    try journal.removeDamagedLines(keeping: copy)
    events(
      .warning(
        "\(path): "
          + counted(damaged, "damaged line; its cell is", "damaged lines; their cells are")
          + " measured again; a copy as it was is \(copy)"))
  }

  /// Warnings of what stands in the folder in the place of results.
  var obstructions: [Notice] {
    folder.misplacedJournals.map {
      .warning("\($0): it is a folder, where a worker's results should be; it is left out")
    }
  }

  /// Warnings of workers that measure the same cells, where this process has the study without sharing it.
  private var workersAtWork: [Notice] {
    let names = folder.aliveWorkers
    guard !names.isEmpty else { return [] }
    return [
      .warning(
        "\(folder.path): \(noun(names.count, "worker")) \(listed(names)) \(names.count == 1 ? "is" : "are") measuring "
          + "this study, so cells may be measured twice; with --worker this process shares them. A worker that was "
          + "killed counts as measuring for a minute")
    ]
  }

  /// What the user should know before anything is measured.
  func notices(_ plan: StudyPlan, _ data: [DataRecord]) -> [Notice] {
    let models = zip(settings.sources, plan.facts).flatMap { source, facts in
      (source.start?.notes ?? [])
        + [source.start.flatMap { ClassOrder.note(of: $0, on: facts) }].compactMap { $0 }
    }
    let isWhole = options.isQuick && !StudySettings.hasQuickForm(bytes)
    return models.map { .note($0) }
      + (isWhole
        ? [.warning("\(path): there is no key quick, so --quick computes all of the study")] : [])
      + data.flatMap(\.notices)
  }

  /// What `body` returns; how it ends early is told.
  func told<Value>(_ events: StudyEventSink, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      if case RunFailure.interrupted = error {
        events(.interrupted)
      } else {
        events(.failed(message: "\(error)"))
      }
      throw error
    }
  }

  /// The plan, with what is known of the data and, where it had to be read, what was read.
  ///
  /// - Parameter summarizing: whether it will be asked what the data are.
  func preview(summarizing: Bool = false) throws -> (
    plan: StudyPlan, sources: [DataReading], known: [FirstReading]
  ) {
    if let file = RunLocator(checkpoints: folder.checkpoints).obstacle { throw file }
    let memory = options.surroundings.memory()
    let sources = settings.sources.map { source in
      DataReading(
        settings.datasets[source.dataset].data, of: path, seed: settings.seed,
        start: source.start, checkpoints: folder.checkpoints,
        threads: options.surroundings.threads())
    }
    let known = try sources.map { try $0.record(summarizing: summarizing) }
    let plan = try planned(known.map(\.record.facts))
    try plan.memoryNeed?.demand(memory)
    return (plan, sources, known)
  }

  /// The plan for data of which `facts` are known; what stands in its way is told where it is written.
  private func planned(_ facts: [DataFacts]) throws -> StudyPlan {
    do {
      return try StudyPlan(of: settings, facts: facts)
    } catch {
      throw error.error(in: path, try StudyForms(bytes).field(quick: options.isQuick))
    }
  }

  /// What a study is before anything of it is computed.
  package struct Preview: Sendable {
    package let plan: StudyPlan
    /// What the data of every data set are; nil for generated ones.
    package let summaries: [DataSummary?]
  }

  /// Plans without computing or writing anything.
  ///
  /// - Throws: `RunFailure`, `StoreError`, `DatasetError`.
  package func planned() throws -> Preview {
    let (plan, _, known) = try preview(summarizing: true)
    let first = settings.datasets.indices.map { dataset in
      settings.sources.firstIndex { $0.dataset == dataset }!
    }
    return Preview(plan: plan, summaries: first.map { known[$0].summary })
  }

  /// Makes the study's folder, moves an old one aside if wanted, and removes what a dead process left
  /// half-written.
  private func openFolder(_ events: StudyEventSink) throws {
    try folder.refuseOtherKind()
    if options.fresh, let worker = folder.aliveWorkers.first {
      throw RunFailure.invalid(
        "\(path): --fresh would take the folder away from worker \(worker), which has shown a sign of life in the "
          + "last minute; end the workers first, or wait until they have ended; one that was killed counts as alive for a minute"
      )
    }
    if options.fresh, let old = try folder.moveAside() {
      events(.notice(.note("the old study is now \(old)")))
    }
    try FilePaths.makeFolders(folder.path)
    try folder.removeHalfWritten()
  }
}
