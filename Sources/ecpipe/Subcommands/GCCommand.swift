import ArgumentParser
import Nightly
import Runs
import Schedules
import Storage

struct GCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Delete the checkpoints that checkpoints.keep does not keep.",
    discussion: """
      The only command that deletes checkpoints. The schedule says what stays: keep: {last: 3, \
      best: 1, daily: 7, weekly: 4} keeps the three newest stages, the one with the lowest \
      validation loss, and the newest of each of the last seven days (in UTC) and four weeks that \
      have any. Whatever it says, these stay: the newest checkpoint whose hash is right, the \
      result, what an unfinished or interrupted stage goes on from, what was exported, and what \
      another run, or a study, begins with. What was deleted stays on record, and is computed again where it is \
      needed.

      Tables that storage: file has converted to files of numbers lie beside all runs of the folder. Those that \
      the data of no run need go, whatever the policy says; the ones of the last hour stay.

      Of a nightly job whole nights go, by nightly.keep; the one in service, the one before it and \
      those that the last decision names stay.
      """,
    examples: [
      "ecpipe gc digits --dry-run",
      "ecpipe gc digits --keep last=3,best=1",
    ])

  @Argument(
    help: ArgumentHelp("A run's name or folder; without it, the latest.", valueName: "run"),
    completion: .runs)
  var runName: String?

  @Flag(help: "Say what would be deleted, and change nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "In place of what the schedule says: all, or last=N,best=N,daily=N,weekly=N or some of them.",
      valueName: "policy"))
  var keep: String?

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    if let job = runName.flatMap(folders.locator.job) { return try collect(job) }
    let recorded = try RecordedRun(folder: folders.locator.run(runName))
    let stated = try keep.map(policy)
    let session = try? recorded.session(.process)
    let plan = try? session?.preview().plan
    if plan == nil {
      Output.warning(
        "\(recorded.manifest.schedulePath): the schedule or its data cannot be read; "
          + "what counts is what run.json recorded")
    }
    if session?.readsCopy == true {
      Output.warning(
        "\(recorded.manifest.schedulePath): not there any more; what counts is the copy "
          + recorded.folder.schedule)
    }
    let policy =
      stated ?? session?.keep
      ?? recorded.manifest.schedule["checkpoints"]?["keep"].flatMap(
        CheckpointSettings.Keep.init(json:)) ?? .all
    let collection = GarbageCollection(
      folder: recorded.folder, keep: policy, plan: plan, surroundings: .process)
    let outcome = try dryRun ? collection.preview() : collection.run(tell: output.tell)
    try output.print(outcome.json, or: outcome.lines)
  }

  /// Lets go of whole nights.
  private func collect(_ job: NightlyFolder) throws {
    let lock = try dryRun ? nil : FileLock(path: job.lock, startedAt: Surroundings.process.now())
    defer { withExtendedLifetime(lock) {} }
    let history = try NightHistory(job)
    let recorded = try history.champion.map { try RecordedRun(folder: job.night($0)).manifest }
    let keep =
      try keep.map(policy)
      ?? recorded?.schedule["nightly"]?["keep"].flatMap(CheckpointSettings.Keep.init(json:)) ?? .all
    let retention = NightRetention(job, keep: keep)
    let verdicts =
      try dryRun ? retention.preview(history.decisions) : retention.run(history.decisions)
    var table = TextTable([("night", .left), ("", .left), ("because", .left)])
    for verdict in verdicts {
      table.add([
        verdict.night, verdict.isKept ? "stays" : dryRun ? "would go" : "gone",
        verdict.reasons.joined(separator: ", "),
      ])
    }
    let gone = verdicts.filter { !$0.isKept }
    let bytes = gone.reduce(0) { $0 + $1.bytes }
    try output.print(
      [
        "format": 1, "name": .string(job.name), "keep": keep.json, "dry_run": .bool(dryRun),
        "bytes": JSONValue(bytes),
        "nights": .array(
          verdicts.map {
            [
              "night": .string($0.night), "kept": .bool($0.isKept),
              "reasons": .array($0.reasons.map { .string($0) }),
            ]
          }),
      ],
      or: table.lines(width: Output.width) + [
        "",
        "\(job.name): \(Figures.count(gone.count, "night")) \(dryRun ? "would be deleted" : "deleted"), "
          + "\(Figures.count(bytes, "byte"))",
      ])
  }

  private func policy(_ text: String) throws -> CheckpointSettings.Keep {
    text == "all" ? .all : .some(try RetentionPolicy(parsing: text))
  }
}

extension GarbageCollection.Outcome {
  /// The outcome as tables and sentences.
  fileprivate var lines: [String] {
    checkpointLines + (tables.isEmpty ? [] : [""] + tableLines)
  }

  private var checkpointLines: [String] {
    let gone = verdicts.filter { !$0.isKept }.count + leftovers.count
    if keep == .all {
      let what = tables.allSatisfy(\.isKept) ? "nothing" : "no checkpoint"
      return ["\(name): keep: all; \(what) is deleted"]
    }
    var table = TextTable([("stage", .left), ("bytes", .right), ("", .left), ("because", .left)])
    for verdict in verdicts {
      table.add([
        verdict.record.name, Figures.grouped(verdict.record.bytes ?? 0), fate(verdict.isKept),
        verdict.reasons.joined(separator: ", "),
      ])
    }
    let bytes = bytes - tables.reduce(0) { $0 + ($1.isKept ? 0 : $1.bytes) }
    return table.lines(width: Output.width) + [
      "",
      "\(name): \(Figures.count(gone, "checkpoint")) \(deleted), \(Figures.count(bytes, "byte"))",
    ]
  }

  private var tableLines: [String] {
    var table = TextTable([
      ("converted table", .left), ("bytes", .right), ("", .left), ("because", .left),
    ])
    for own in tables {
      table.add([
        own.name, Figures.grouped(own.bytes), fate(own.isKept),
        own.reasons.joined(separator: ", "),
      ])
    }
    let gone = tables.filter { !$0.isKept }
    return table.lines(width: Output.width) + [
      "",
      "\(Figures.count(gone.count, "converted table")) \(deleted), "
        + Figures.count(gone.reduce(0) { $0 + $1.bytes }, "byte"),
    ]
  }

  private func fate(_ isKept: Bool) -> String {
    isKept ? "stays" : isDryRun ? "would go" : "gone"
  }

  private var deleted: String { isDryRun ? "would be deleted" : "deleted" }
}
