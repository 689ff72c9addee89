import ArgumentParser
import Pipeline

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how far a run has come, and what has changed in its schedule since.")

  @Argument(help: "A run's name or folder; without it, the latest.")
  var runName: String?

  @OptionGroup var folders: FolderOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting {
      let folder = try folders.locator.run(runName)
      guard let manifest = try CheckpointStore.manifest(of: folder) else { return }
      var options = RunSession.Options(
        checkpoints: folder.checkpoints, environment: { Output.environment($0) },
        continueCommand: "")
      options.overrides = manifest.overrides
      let plan = try RunSession(schedulePath: manifest.schedulePath, options: options)
        .preview().plan
      let status = RunStatus(of: plan, in: folder, manifest: manifest)
      if output.json {
        output.line(status.json.readable)
        return
      }
      output.line("\(status.name): \(status.summary)")
      output.line("")
      for line in StageTable.lines(of: status) { output.line(line) }
      for stage in status.stages where !stage.changes.isEmpty {
        output.line("")
        output.line("\(stage.name) is to be computed again:")
        for change in stage.changes { output.line("  \(change)") }
      }
    }
  }
}
