import ArgumentParser
import Reports
import Runs
import Schedules
import Storage

/// What `run` and `resume` have in common.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Compute this stage and all after it again.", valueName: "stage"),
    completion: .stages)
  var from: String?

  @Option(
    help: ArgumentHelp("Stop after this stage.", valueName: "stage"), completion: .stages)
  var until: String?

  @Flag(help: "Move the existing run aside and start anew.")
  var fresh = false

  @Flag(
    help: ArgumentHelp(
      "Refuse to go on from what was made with another processor, library or engine, on which "
        + "bits depend; without it, that is a warning."))
  var strict = false

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// Adds what this command line says to `options`.
  ///
  /// - Parameter added: words that the command to go on with needs beside those given.
  func apply(to options: inout RunSession.Options, adding added: [String] = []) {
    options.continueCommand = ContinueCommand.text(of: CommandLine.arguments, adding: added)
    options.fresh = fresh
    options.isStrict = strict
    options.from = from
    options.until = until
    options.overrides += overrides.values
    options.tellConversion = output.tellConversion
  }

  /// What the stages are expected to take by what is known of this machine, without measuring anything.
  private func estimate(of plan: Plan, _ session: RunSession) -> PlanEstimate {
    PlanEstimate.known(
      of: plan, session, threads: threads.count,
      cache: TimesCache(environment: Surroundings.process.environment))
  }

  /// Runs `session` and shows it as the options say.
  ///
  /// - Throws: what `RunSession.run` throws, `StoreError`.
  func execute(_ session: RunSession) throws {
    Interruption.listen()
    let display = output.quiet || output.json ? nil : RunDisplay()
    // Whatever comes next, a message of an error included, needs a line of its own.
    defer { display?.end() }
    let log = EventLog(path: session.folder.events, now: Surroundings.process.now)
    try session.folder.refuseOtherKind()
    let preview = try session.feasiblePreview()
    let show = { (event: PipelineEvent) in
      if let display {
        display.show(event)
      } else if case .notice(let notice) = event {
        output.tell(notice)
      }
    }
    let outside = OutsideLogs(
      session.schedule.log, in: session.scheduleFolder, of: session.folder, next: show)
    let sink = LoggingSink(log: log, next: outside.receive)
    let report = RunReportWriter(
      session.folder, plan: preview.plan, image: session.schedule.data.image,
      surroundings: .process, warn: { show(.warning($0)) })
    let outcome: (plan: Plan, manifest: Manifest, computed: Int)
    do {
      outcome = try session.run(
        preview, pool: try threads.pool, ranks: Ranks.group,
        events: {
          sink.receive($0)
          if case .runStarted(_, _, let toDo, _) = $0, toDo > 0 {
            sink.receive(.estimated(estimate(of: preview.plan, session)))
          }
          report.receive($0)
        }, isInterrupted: { Interruption.isRequested })
    } catch {
      report.finish()
      throw error
    }
    let status = RunStatus(
      of: outcome.plan, in: session.folder, manifest: outcome.manifest, isRunning: false)
    let plan = outcome.plan
    // A run that only measures makes no model.
    let result = FilePaths.exists(session.folder.result) ? session.folder.result : nil
    let isDone = outcome.computed == 0 && !status.hasOpenStages
    // A call that ends before the schedule does has no result yet to speak of, and where nothing was to do
    // only JSON tells of sizes: finding them out takes many times as long as all else.
    let needsSizes = !status.hasOpenStages && (output.json || !isDone)
    let sizes = needsSizes ? result.flatMap(ModelSizes.init(inPassing:)) : nil
    report.finish(sizes: sizes)
    var json = status.json
    json["sizes"] = sizes?.json ?? .null
    try output.print(
      json,
      or: isDone
        ? [
          "\(plan.name): "
            + (plan.ownStageCount == 1 ? "its stage is" : "all \(plan.ownStageCount) stages are")
            + " done; nothing to do" + (result.map { " (result: \($0))" } ?? "")
        ]
        : [""] + StageTable.lines(of: status, width: Output.width, foldsRounds: true)
          + (sizes.map { [""] + SizesTable(sizes: $0, width: Output.width).lines } ?? [])
          + RunClosing(
            folder: session.folder, result: result,
            verdict: status.hasOpenStages ? nil : report.verdict
          ).lines(width: Output.width))
  }
}
