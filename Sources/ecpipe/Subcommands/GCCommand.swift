import ArgumentParser
import Runs
import Schedules

struct GCCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Delete the checkpoints that checkpoints.keep does not keep.",
    discussion: """
      The only command that deletes checkpoints. The schedule says what stays: keep: {last: 3, \
      best: 1, daily: 7, weekly: 4} keeps the three newest stages, the one with the lowest \
      validation loss, and the newest of each of the last seven days (in UTC) and four weeks that \
      have any. Whatever it says, these stay: the newest checkpoint whose hash is right, the \
      result, what an unfinished or interrupted stage goes on from, and what was exported. \
      What was deleted stays on record, and is computed again where it is needed.
      """)

  @Argument(help: ArgumentHelp("A run's name or folder; without it, the latest.", valueName: "run"))
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
    let outcome = try dryRun ? collection.preview() : collection.run()
    try output.print(outcome.json, or: outcome.lines)
  }

  private func policy(_ text: String) throws -> CheckpointSettings.Keep {
    text == "all" ? .all : .some(try RetentionPolicy(parsing: text))
  }
}

extension GarbageCollection.Outcome {
  /// The outcome as a table and a sentence.
  fileprivate var lines: [String] {
    let gone = verdicts.filter { !$0.isKept }.count + leftovers.count
    if keep == .all { return ["\(name): keep: all; nothing is deleted"] }
    var table = TextTable([("stage", .left), ("bytes", .right), ("", .left), ("because", .left)])
    for verdict in verdicts {
      table.add([
        verdict.record.name, Figures.grouped(verdict.record.bytes ?? 0),
        verdict.isKept ? "stays" : isDryRun ? "would go" : "gone",
        verdict.reasons.joined(separator: ", "),
      ])
    }
    let files = gone == 1 ? "1 checkpoint" : "\(gone) checkpoints"
    return table.lines + [
      "",
      "\(name): \(files) \(isDryRun ? "would be deleted" : "deleted"), "
        + "\(Figures.grouped(bytes)) bytes",
    ]
  }
}
