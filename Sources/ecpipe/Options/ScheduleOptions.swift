import ArgumentParser
import Runs

/// A schedule that a command looks at without running it.
struct ScheduleOptions: ParsableArguments {
  @Argument(help: "The schedule, a YAML file.")
  var schedule: String

  @OptionGroup var overrides: OverrideOptions
  @OptionGroup var folders: FolderOptions

  /// The plan of the schedule; nothing is computed or written. Says what should be
  /// known of its data.
  ///
  /// - Throws: what `RunSession.feasiblePreview` throws, `ScheduleError`.
  func plan() throws -> Plan {
    let preview = try session.feasiblePreview()
    preview.notes.forEach(Output.warning)
    return preview.plan
  }

  /// The schedule, read and checked.
  ///
  /// - Throws: `ScheduleError`.
  var session: RunSession {
    get throws {
      var options = RunSession.Options(
        checkpoints: folders.folder, surroundings: .process, continueCommand: "")
      options.overrides = overrides.values
      return try RunSession(schedulePath: schedule, options: options)
    }
  }
}
