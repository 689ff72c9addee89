import ArgumentParser
import Runs

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run by its name.",
    discussion: """
      Reads the schedule's file as it is now, from where the run was started, so the current folder \
      plays no part; without that file, the copy in the run's folder. What has changed in it since is \
      computed again, as ecpipe run does; other data are an error.
      """,
    examples: [
      "ecpipe resume",
      "ecpipe resume digits --until train",
    ])

  @Argument(
    help: ArgumentHelp("A run's name or folder; without it, the latest.", valueName: "run"),
    completion: .runs)
  var runName: String?

  @OptionGroup var options: RunOptions

  func run() throws {
    let recorded = try RecordedRun(folder: options.folders.locator.run(runName))
    let session = try recorded.session(options.threads.surroundings, goesOn: true) { settings in
      options.apply(to: &settings, adding: runName == nil ? [recorded.folder.path] : [])
      settings.demandsSameData = true
    }
    try options.execute(session)
  }
}
