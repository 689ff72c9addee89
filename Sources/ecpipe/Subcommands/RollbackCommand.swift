import ArgumentParser
import Nightly

struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Put the network that was in service before back into service.",
    discussion: """
      It is verified first: its SHA-256, and what it makes of the rows that were recorded when it was \
      judged. A damaged one is refused with exit code 11, and the champion stays. What is \
      in service then is recorded in nightly.log, and told to hooks: promoted of the schedule.
      """,
    examples: [
      "ecpipe rollback nightly",
      "ecpipe rollback nightly --to 2026-11-23T0230",
    ])

  @OptionGroup var job: JobOptions

  @Option(
    help: ArgumentHelp(
      "The night to go back to; without it, the one that was in service before.",
      valueName: "night"), completion: .nights)
  var to: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try job.change(threads, output, "in service again") { change, _ in
      try change.rollBack(to: to)
    }
  }
}
