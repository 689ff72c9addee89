import ArgumentParser
import Runs
import Storage
import Studies

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a schedule; what is done already is not done again.",
    discussion: """
      An interrupted run goes on where it stopped: give the same command again. SIGINT, SIGTERM, \
      SIGHUP and SIGXCPU save and end with exit code 75.
      """)

  @Argument(help: "The schedule, a YAML file.")
  var schedule: String

  @OptionGroup var options: RunOptions

  func run() throws {
    if DocumentKind(path: schedule) == .study {
      throw RunFailure.commandLine(
        "\(schedule): this is a study, not a schedule; use ecpipe compare "
          + ShellWord.quoted(schedule))
    }
    var settings = RunSession.Options(
      checkpoints: options.folders.folder, surroundings: .process,
      continueCommand: "")
    options.apply(to: &settings)
    try options.execute(RunSession(schedulePath: schedule, options: settings))
  }
}
