import ArgumentParser
import Pipeline

/// What `run` and `resume` have in common.
struct RunOptions: ParsableArguments {
  @Option(help: "Compute this stage and all behind it again.")
  var from: String?

  @Option(help: "Stop behind this stage.")
  var until: String?

  @Flag(help: "Move the existing run aside and start anew.")
  var fresh = false

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Replace a value of the schedule; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @OptionGroup var folders: FolderOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// The session options of this command line, with settings of `overrides` only.
  func session(overrides: [String]? = nil) -> RunSession.Options {
    var options = RunSession.Options(
      checkpoints: folders.folder, environment: { Output.environment($0) },
      continueCommand: RunOptions.continueCommand)
    options.fresh = fresh
    options.from = from
    options.until = until
    options.overrides = overrides ?? self.overrides
    return options
  }

  /// This command line without what must not happen again when it goes on.
  private static var continueCommand: String {
    var words: [String] = []
    var skips = false
    for argument in CommandLine.arguments.dropFirst() {
      if skips {
        skips = false
      } else if argument == "--from" {
        skips = true
      } else if argument != "--fresh", !argument.hasPrefix("--from=") {
        words.append(quoted(argument))
      }
    }
    return (["ecpipe"] + words).joined(separator: " ")
  }

  /// `word` as a shell takes it.
  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./=:,+@".utf8.contains(byte)
      }
    }
    if plain, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
