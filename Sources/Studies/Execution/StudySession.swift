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
  private let bytes: [UInt8]
  private let path: String
  private let options: Options

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
  /// - Parameter page: the text of the page that shows the table of a study of that name.
  /// - Throws: `RunFailure`, `StoreError`, `DatasetError`.
  package func run(
    events: @escaping StudyEventSink, isInterrupted: @escaping @Sendable () -> Bool,
    page: (String, StudySettings, StudyTable) -> String
  ) throws -> Outcome {
    let sources = settings.datasets.map { StudySource(dataset: $0, settings, file: path, folder) }
    let known = try sources.map { try $0.facts() }
    let plan = try StudyPlan(of: settings, facts: known.map(\.facts))
    try FilePaths.makeFolders(folder.checkpoints)
    let lock = try FileLock(path: folder.lock, startedAt: options.surroundings.now())
    defer { withExtendedLifetime(lock) {} }

    try openFolder(events)
    let journal = StudyJournal(path: folder.cells)
    try journal.removeTornLine()
    let (old, damaged) = try journal.read()
    if damaged > 0 {
      events(
        .warning(
          "\(folder.cells): \(damaged) damaged "
            + (damaged == 1 ? "line; its cell is" : "lines; their cells are") + " measured again"))
    }
    let results = try StudyExecutor(
      plan: plan, folder: folder, journal: journal, threads: options.threads, events: events,
      isInterrupted: isInterrupted, continueCommand: options.continueCommand
    ).run(known: old) { index in try sources[index].data(known[index].parts) }

    let table = StudyTable(plan, results)
    let outcome = Outcome(
      plan: plan, table: table, measured: results.count - old.count,
      csv: folder.results, page: folder.report)
    try DurableFile.write(Array(table.csv.utf8), to: outcome.csv)
    try DurableFile.write(Array(page(folder.name, settings, table).utf8), to: outcome.page)
    return outcome
  }

  /// Makes the study's folder, moves an old one aside if wanted, and removes what a dead process left
  /// half-written.
  private func openFolder(_ events: StudyEventSink) throws {
    try folder.refuseOtherKind()
    if options.fresh, let old = try folder.moveAside() {
      events(.warning("the old study is now \(old)"))
    }
    try FilePaths.makeFolders(folder.path)
    for name in FilePaths.entries(of: folder.path) where name.hasSuffix(DurableFile.partialSuffix) {
      try DurableFile.remove(folder.file(name))
    }
    try DurableFile.write(bytes, to: folder.study)
  }
}

/// One data set of a study, with the files that it is read from.
private struct StudySource {
  private let request: DataRequest
  private let settings: JSONValue
  private let missing: MissingData
  private let folder: StudyFolder

  init(
    dataset: StudySettings.Dataset, _ study: StudySettings, file: String, _ folder: StudyFolder
  ) {
    let place = FilePaths.folder(of: file)
    request = dataset.data.request(folder: place, seed: study.seed)
    settings = dataset.data.canonical(seed: study.seed)
    missing = MissingData(data: dataset.data, folder: place)
    self.folder = folder
  }

  /// What a plan has to know, and the parts where they had to be read for it.
  func facts() throws -> (facts: DataFacts, parts: DataParts?) {
    let (record, parts) = try missing.explaining {
      try DataRecord.reading(request, settings: settings, solutions: solutions(isWritable: false))
    }
    return (record.facts, parts)
  }

  /// The data in memory.
  func data(_ parts: DataParts?) throws -> RunData {
    if let parts { return RunData(parts) }
    return RunData(
      try missing.explaining { try request.load(solutions: solutions(isWritable: true)) })
  }

  private func solutions(isWritable: Bool) -> SolutionSource {
    let kept = GeneratedSolutions(checkpoints: folder.checkpoints, isWritable: isWritable)
    return { kept.solutions(of: $0) }
  }
}
