import ArgumentParser
import Nightly

struct PromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Put the network of a night into service, whatever was decided.",
    discussion: """
      The network is verified before and after, and the change is recorded in decisions.jsonl and \
      nightly.log, and told to hooks: promoted of the schedule that the last night has read. \
      ecpipe rollback takes it back.
      """,
    examples: [
      "ecpipe promote nightly",
      "ecpipe promote nightly 2026-11-23T0230",
    ])

  @OptionGroup var job: JobOptions

  @Argument(
    help: ArgumentHelp(
      "The night, such as 2026-11-23T0230; without it, the last one with a network.",
      valueName: "night"), completion: .nights)
  var night: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try job.change(threads, output, "in service") { change, folder in
      try change.promote(try night ?? NightHistory(folder).lastWithNetwork())
    }
  }
}
