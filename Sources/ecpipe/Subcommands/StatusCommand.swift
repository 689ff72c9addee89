import ArgumentParser
import Nightly
import Reports
import Runs
import Studies

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how far a run or a study has come, and what has changed in its schedule since.",
    discussion: """
      Of a nightly job: what is in service, and how the last night ended; NAME/NIGHT is a night.

      Of a study: how many cells are done, running, failed and pending, what failed and why, and the \
      command that goes on.
      """,
    examples: [
      "ecpipe status",
      "ecpipe status digits --json",
    ])

  @Argument(help: anyWorkHelp, completion: .works)
  var runName: String?

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    if let job = runName.flatMap(folders.locator.job) { return try show(JobStatus(job)) }
    let folder: RunFolder
    switch try folders.locator.work(runName) {
    case .run(let run):
      // The last run may be a night, whose job is what one wants to know of.
      let job = NightlyFolder(path: run.checkpoints)
      if runName == nil, job.isThere { return try show(JobStatus(job)) }
      folder = run
    case .study(let study):
      let status = try StudyStatus(of: study)
      return try output.print(
        status.json, or: StudyText.lines(of: status, in: study, width: Output.width))
    }
    let (status, lack) = try RunStatus.now(of: folder, surroundings: .process)
    if let lack { output.tell(.warning("\(folder.result): \(lack)")) }
    let changed = status.stages.filter { !$0.changes.isEmpty }
    try output.print(
      status.json,
      or: ["\(status.name): \(status.text)", ""] + StageTable.lines(of: status, width: Output.width)
        + changed.flatMap {
          ["", "\($0.name) is to be computed again:"] + $0.changes.map { "  \($0)" }
        })
  }

  private func show(_ status: JobStatus) throws {
    let last = status.last.map {
      "last:       \($0.night), \($0.outcome.words): \($0.reason)"
    }
    let warnings = status.last?.warnings.map { "warning:    \($0)" } ?? []
    let standing = status.standing.text.map { "to finish:  \($0)" }
    let open = status.open.map { "not decided: \($0) (ecpipe status \(status.folder.name)/\($0))" }
    try output.print(
      status.json,
      or: [
        "\(status.folder.name): \(status.summary.replacing("_", with: " "))", "",
        "in service: \(status.champion ?? "nothing yet")",
        "nights:     \(Figures.grouped(status.nights)) kept, "
          + "\(Figures.count(status.decisions, "decision")) in ecpipe history",
      ] + [last].compactMap { $0 } + warnings + [standing, open].compactMap { $0 })
  }
}
