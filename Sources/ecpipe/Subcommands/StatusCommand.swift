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
    if output.json {
      try output.line(status.json.readable)
      return
    }
    try output.line("\(status.name): \(status.summary)")
    try output.line("")
    for line in StageTable.lines(of: status) { try output.line(line) }
    for stage in status.stages where !stage.changes.isEmpty {
      try output.line("")
      try output.line("\(stage.name) is to be computed again:")
      for change in stage.changes { try output.line("  \(change)") }
    }
  }
}
