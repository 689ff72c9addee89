import ArgumentParser
import Runs
import Schedules
import Storage
import Studies

/// A schedule that a command looks at without running it.
struct ScheduleOptions: ParsableArguments {
  @Argument(help: "The schedule, or the study, a YAML file.", completion: .schedules)
  var schedule: String

  @Flag(
    help:
      "Of a study the reduced form that it has under quick, as ecpipe compare --quick computes it.")
  var quick = false

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var folders: FolderOptions

  /// What would run, and its plan; nothing is computed or written.
  ///
  /// - Parameters:
  ///   - output: shows what should be known of its data.
  ///   - threads: that read them, too.
  /// - Throws: what `RunSession.feasiblePreview` throws, `ScheduleError`.
  func plan(
    _ output: OutputOptions, _ threads: ThreadOptions
  ) throws -> (session: RunSession, plan: Plan) {
    let session = try session(output, threads.surroundings.beforeProducts)
    let preview = try session.feasiblePreview()
    preview.notices.forEach(output.tell)
    return (session, preview.plan)
  }

  /// The study, read and checked, where the file is one; nil elsewhere.
  ///
  /// - Throws: `ScheduleError`; `RunFailure.commandLine` for the name of a run or a study, which names the
  ///   file that it was made from.
  func study(_ surroundings: Surroundings = .process) throws -> StudySession? {
    try folders.demandDocument(schedule)
    guard DocumentKind(path: schedule) == .study else {
      if quick {
        throw RunFailure.commandLine(
          "--quick: \(schedule) is a schedule, and only studies have a reduced form; leave it out")
      }
      return nil
    }
    if let first = overrides.values.first {
      throw RunFailure.commandLine(
        "--set \(first): \(schedule) is a study, in which nothing is set from here; edit a copy of it"
      )
    }
    var options = StudySession.Options(
      checkpoints: folders.folder, threads: 1, surroundings: surroundings, continueCommand: "")
    options.isQuick = quick
    return try StudySession(path: schedule, options: options)
  }

  /// The schedule, read and checked.
  ///
  /// - Parameter output: shows how far a table is on its way to a file of numbers.
  /// - Throws: `ScheduleError`.
  func session(
    _ output: OutputOptions, _ surroundings: Surroundings = .process
  ) throws -> RunSession {
    var options = RunSession.Options(
      checkpoints: folders.folder, surroundings: surroundings, continueCommand: "")
    options.overrides = overrides.values
    options.tellConversion = output.tellConversion
    return try RunSession(schedulePath: schedule, options: options)
  }
}
