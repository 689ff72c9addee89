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
    try reporting {
      try execute(RunSession(schedulePath: schedule, options: options.session()), options)
    }
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run by its name, with the schedule it recorded.")

  @Argument(help: "A run's name or folder; without it, the latest.")
  var runName: String?

  @OptionGroup var options: RunOptions

  func run() throws {
    try reporting {
      let folder = try options.folders.locator.run(runName)
      guard let manifest = try CheckpointStore.manifest(of: folder) else { return }
      guard FilePaths.exists(manifest.schedulePath) else {
        throw RunFailure.missing(
          path: manifest.schedulePath,
          what: "the run \(manifest.name) was started from this schedule; put it back "
            + "(a copy is \(folder.schedule))")
      }
      var session = options.session(overrides: manifest.overrides + options.overrides)
      session.checkpoints = folder.checkpoints
      session.demandsSameData = true
      try execute(
        RunSession(schedulePath: manifest.schedulePath, options: session), options)
    }
  }
}

/// Runs `session` and shows it as the options say.
private func execute(_ session: RunSession, _ options: RunOptions) throws {
  Interruption.listen()
  let display = options.output.quiet || options.output.json ? nil : RunDisplay()
  let outcome = try session.run(
    pool: options.threads.pool, events: { event in
      if case .warning(let text) = event, display == nil { return Output.error("warning: \(text)") }
      display?.show(event)
    }, isInterrupted: { Interruption.isRequested })
  let status = RunStatus(of: outcome.plan, in: session.folder, manifest: outcome.manifest)
  if options.output.json {
    options.output.line(status.finished.json.readable)
  } else if outcome.computed == 0, !status.hasOpenStages {
    options.output.line(
      "\(outcome.plan.name): all \(outcome.plan.stages.count) stages are done; nothing to do "
        + "(result: \(session.folder.result))")
  } else {
    options.output.line("")
    for line in StageTable.lines(of: status) { options.output.line(line) }
    options.output.line("")
    options.output.line("result: \(session.folder.result)")
  }
}
