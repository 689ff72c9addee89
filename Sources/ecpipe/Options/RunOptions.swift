import ArgumentParser
import Pipeline

/// What `run` and `resume` have in common.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Compute this stage and all behind it again.", valueName: "stage"))
  var from: String?

  @Option(help: ArgumentHelp("Stop behind this stage.", valueName: "stage"))
  var until: String?

  @Flag(help: "Move the existing run aside and start anew.")
  var fresh = false

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
    options.from = from
    options.until = until
    options.overrides += overrides.values
  }
}
