import Glibc
import Nightly
import Reports
import Runs
import Schedules
import Storage

/// One call of `run --nightly`: silent where all is well, one block on standard error where it is not, and
/// everything in the log.
struct NightRun {
  let schedule: String
  let log: String?
  let settings: NightSession.Options
  let threads: ThreadOptions
  let output: OutputOptions

  /// Does the night, and ends the process with its exit code unless that is 0.
  ///
  /// - Throws: `StoreError` where the JSON that was asked for cannot be printed.
  func execute() throws {
    Interruption.listen(isAttended: false)
    let started = ContinuousClock.now
    let session: NightSession
    do {
      session = try Interruption.reading(schedule) {
        try NightSession(schedulePath: schedule, options: settings)
      }
    } catch {
      refuse(error)
    }
    let report = done(session, since: started)
    if output.json { try output.line(report.json) }
    if let warning = report.warning, report.exitCode == 0 {
      let place = report.night.map { "\(report.name), night \($0)" } ?? report.name
      Output.warning(Secrets(session.settings).hidden(in: "\(place): \(warning)"))
    }
    guard report.exitCode != 0 else { return }
    let block = NightText.block(
      of: report, schedule: schedule, program: ContinueCommand.program(of: CommandLine.arguments),
      again: settings.continueCommand, job: FilePaths.absolute(session.folder.path))
    Output.error(Secrets(session.settings).hidden(in: block))
    exit(report.exitCode)
  }

  /// Ends a night whose schedule is none, so that nothing more is known of the job.
  private func refuse(_ error: any Error) -> Never {
    let log = log.map { FilePaths.absolute($0) }
    // Without settings nobody knows which addresses are meant, so all are hidden.
    let reason = HiddenAddress.masked(message(of: error))
    if let log { NightLog(path: log, hidden: { $0 }).line("failed: \(reason)") }
    NightSession.record(failure: reason, ofSchedule: schedule, options: settings)
    Output.error(
      NightText.refusal(
        reason, exitCode: exitCode(of: error), schedule: schedule, log: log,
        again: HiddenAddress.masked(settings.continueCommand)))
    exit(exitCode(of: error))
  }

  private func done(_ session: NightSession, since started: ContinuousClock.Instant) -> NightReport
  {
    var report = NightReport(
      name: session.folder.name, log: FilePaths.absolute(log ?? session.folder.log))
    let secrets = Secrets(session.settings)
    let log = NightLog(path: report.log, hidden: secrets.hidden)
    let monitoring = Monitoring(
      session.settings, folder: FilePaths.absolute(NamedFile(schedule).folder),
      environment: Output.environment, say: log.line)
    do {
      let lock = try session.begin()
      defer { withExtendedLifetime(lock) {} }
      do {
        try monitoring.begin(report, json: report.json)
      } catch {
        try session.record(failure: "\(error)")
        throw error
      }
      let decision = try session.run(
        NightSession.Work(
          pool: threads.pool, events: { events(of: $0, session, log) }, say: log.line,
          drifts: { report.drifts = $0 }, warn: { report.warning = $0 },
          alarm: { report.alarm = $0 },
          isInterrupted: { Interruption.isRequested }))
      report.take(decision)
    } catch {
      report.reason = secrets.hidden(in: message(of: error))
      if isFullDisk(error) {
        report.reason +=
          "; ecpipe gc \(ShellWord.quoted(session.folder.path)) --keep last=N removes all nights but N, "
          + "with --dry-run it only says which"
      }
      report.exitCode = exitCode(of: error)
      if case RunFailure.interrupted(let stage, _) = error {
        report.state = .interrupted
        // The command that goes on has a line of its own.
        report.reason = "interrupted in stage \(stage); all is saved"
        report.night = (try? JobStatus(session.folder))?.open
      }
      if case NightFailure.dataRefused = error { report.wayPast = .training }
      if let alarm = report.alarm { report.reason = "\(alarm); tonight: \(report.reason)" }
      log.line("\(report.state.rawValue): \(report.reason)")
    }
    let decisions = (try? NightHistory(session.folder))?.decisions
    // A night that failed has said so in its decision.
    if report.decision == nil, let last = decisions?.last, !last.isOfNetwork,
      report.didBegin, report.exitCode != 75
    {
      report.night = last.night
    }
    if report.didBegin { session.folder.renewReport { log.line("warning: \($0)") } }
    if let night = report.decision?.night { writeReport(of: session.folder.night(night), log) }
    report.champion = session.folder.linkedNight
    report.seconds = (ContinuousClock.now - started) / .seconds(1)
    monitoring.end(
      report, json: report.json, lastSuccess: decisions?.last(where: \.isOfNetwork)?.time)
    return report
  }

  /// Writes the page of the night's run, if it has one; that it cannot be written is only logged.
  private func writeReport(of run: RunFolder, _ log: NightLog) {
    guard FilePaths.exists(run.manifest) else { return }
    do {
      try RunReport(of: RecordedRun(folder: run), surroundings: settings.surroundings)
        .write(settings.surroundings)
    } catch {
      log.line("warning: the night's report is not written: \(error)")
    }
  }

  private func isFullDisk(_ error: any Error) -> Bool {
    if case RunFailure.noSpace = error { return true }
    return (error as? StoreError)?.isFull == true
  }

  /// Events go to the run's own file, to others as the schedule says, and as lines to the job's log.
  private func events(
    of run: RunFolder, _ session: NightSession, _ log: NightLog
  ) -> EventSink {
    let display = RunDisplay(
      .lines(), style: Style(usesColour: false), warningStyle: Style(usesColour: false),
      write: { text in log.line(text.hasSuffix("\n") ? String(text.dropLast()) : text) },
      warn: log.line)
    let outside = OutsideLogs(session.log.settings, in: session.log.folder, of: run) {
      display.show($0)
    }
    return LoggingSink(
      log: EventLog(path: run.events, now: settings.surroundings.now), next: outside.receive
    ).receive
  }
}
