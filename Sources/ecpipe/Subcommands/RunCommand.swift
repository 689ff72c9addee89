import ArgumentParser
import Pipeline

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a schedule; what is done already is not done again.",
    discussion: """
      An interrupted run goes on where it stopped: give the same command again. SIGINT and SIGTERM \
      save and end with exit code 75.
      """)

  @Argument(help: "The schedule, a YAML file.")
  var schedule: String

  @OptionGroup var options: RunOptions

  func run() throws {
    var settings = RunSession.Options(
      checkpoints: options.folders.folder, environment: { Output.environment($0) },
      continueCommand: "")
    options.apply(to: &settings)
    try execute(RunSession(schedulePath: schedule, options: settings), options)
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run by its name, with the schedule it recorded.",
    discussion: """
      Reads the schedule from where the run was started, so the current folder plays no part. What \
      has changed in it since is computed again, as ecpipe run does; other data are an error.
      """)

  @Argument(help: ArgumentHelp("A run's name or folder; without it, the latest.", valueName: "run"))
  var runName: String?

  @OptionGroup var options: RunOptions

  func run() throws {
    let recorded = try RecordedRun(folder: options.folders.locator.run(runName))
    let session = try recorded.session { settings in
      options.apply(to: &settings, adding: runName == nil ? [recorded.folder.path] : [])
      settings.demandsSameData = true
    }
    try execute(session, options)
  }
}

/// Runs `session` and shows it as the options say.
private func execute(_ session: RunSession, _ options: RunOptions) throws {
  Interruption.listen()
  let display = options.output.quiet || options.output.json ? nil : RunDisplay()
  // Whatever comes next, a message of an error included, needs a line of its own.
  defer { display?.end() }
  let outcome = try session.run(
    pool: options.threads.pool,
    events: { event in
      if let display {
        display.show(event)
      } else if case .warning(let text) = event {
        Output.error("warning: \(text)")
      }
    }, isInterrupted: { Interruption.isRequested })
  let status = RunStatus(of: outcome.plan, in: session.folder, manifest: outcome.manifest)
  if options.output.json {
    try options.output.line(status.finished.json.readable)
  } else if outcome.computed == 0, !status.hasOpenStages {
    try options.output.line(
      "\(outcome.plan.name): all \(outcome.plan.stages.count) stages are done; nothing to do "
        + "(result: \(session.folder.result))")
  } else {
    try options.output.line("")
    for line in StageTable.lines(of: status.finished) { try options.output.line(line) }
    try options.output.line("")
    try options.output.line("result: \(session.folder.result)")
  }
}
