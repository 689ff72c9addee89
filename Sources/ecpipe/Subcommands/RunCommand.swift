import ArgumentParser
import Nightly
import Runs
import Storage
import Studies

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a schedule; what is done already is not done again.",
    discussion: """
      An interrupted run goes on where it stopped: give the same command again. What other settings make takes \
      the place of the run's result, which is said; the old files stay, and --set name=NAME keeps both. SIGINT, SIGTERM, \
      SIGHUP and SIGXCPU save and end with exit code 75.

      A terminal shows a line a finished stage, and how far the current one is. Elsewhere, and with TERM=dumb or \
      ACCESSIBLE=1, there are lines alone, one a minute at least; NO_COLOR=1 leaves colours out.

      With --nightly it does one night of the schedule's nightly: block: trains on the data as they are, \
      judges tonight's network against the one in service, and promotes it or not. It says nothing unless \
      something is wrong; everything is in the log.
      """,
    examples: [
      "ecpipe run pipelines/digits.yaml",
      "ecpipe run pipelines/digits.yaml --set training.batch=64 --set name=b64",
      "ecpipe run pipelines/nightly.yaml --nightly",
    ])

  @Argument(help: "The schedule, a YAML file.", completion: .schedules)
  var schedule: String

  @Flag(help: "Do one night of the schedule's nightly: block.")
  var nightly = false

  @Flag(help: "With --nightly: promote tonight's network whatever is found, and record that.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "With --nightly: where nights are logged; nightly.log in the job's folder without it.",
      valueName: "file"), completion: .anyFile)
  var log: String?

  @OptionGroup var options: RunOptions

  func validate() throws {
    if !nightly, force || log != nil {
      throw ValidationError("--force and --log belong to --nightly; add it, or leave them out")
    }
    if nightly, options.from != nil || options.until != nil || options.fresh || options.strict {
      throw ValidationError(
        "--from, --until, --fresh and --strict are not for --nightly, whose nights are runs of their own"
      )
    }
  }

  func run() throws {
    try options.folders.demandDocument(schedule)
    if DocumentKind(path: schedule) == .study {
      throw RunFailure.commandLine(
        "\(schedule): this is a study, not a schedule; use ecpipe compare "
          + ShellWord.quoted(schedule))
    }
    if nightly { return try runNight() }
    var settings = RunSession.Options(
      checkpoints: options.folders.folder, surroundings: options.threads.surroundings,
      continueCommand: "")
    options.apply(to: &settings)
    let session = try Interruption.reading(schedule) {
      try RunSession(schedulePath: schedule, options: settings)
    }
    try options.execute(session)
  }

  private func runNight() throws {
    // Who reads what a night says is elsewhere than where it was called.
    let checkpoints = FilePaths.absolute(options.folders.folder)
    let isFile = !NamedFile(schedule).isStream
    var settings = NightSession.Options(
      checkpoints: checkpoints, surroundings: options.threads.surroundings,
      continueCommand: ContinueCommand.fromAnywhere(
        of: CommandLine.arguments, checkpoints: checkpoints,
        paths: [isFile ? schedule : nil, options.folders.folder, log].compactMap { $0 }))
    settings.isForced = force
    settings.overrides = options.overrides.values
    let night = NightRun(
      schedule: isFile ? FilePaths.absolute(schedule) : schedule, log: log, settings: settings,
      threads: options.threads,
      output: options.output)
    try night.execute()
  }
}
