import ArgumentParser
import Reports
import Runs

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how far a run has come, and what has changed in its schedule since.")

  @Argument(help: ArgumentHelp("A run's name or folder; without it, the latest.", valueName: "run"))
  var runName: String?

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let recorded = try RecordedRun(folder: folders.locator.run(runName))
    let plan = try recorded.session(.process).preview().plan
    let status = RunStatus(of: plan, in: recorded.folder, manifest: recorded.manifest)
    let changed = status.stages.filter { !$0.changes.isEmpty }
    try output.print(
      status.json,
      or: ["\(status.name): \(status.text)", ""] + StageTable.lines(of: status)
        + changed.flatMap {
          ["", "\($0.name) is to be computed again:"] + $0.changes.map { "  \($0)" }
        })
  }
}
