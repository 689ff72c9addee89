import ArgumentParser
import Nightly
import Reports

struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show what was decided night by night, and how good the networks were.",
    discussion: """
      * is the night in service, - one that was let go, ! one with warnings, which follow. The same, with a picture, is report.html in the folder of the job, which every decision renews.
      """,
    examples: [
      "ecpipe history nightly",
      "ecpipe history nightly --last 7",
    ])

  @OptionGroup var job: JobOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Show the last so many decisions.", valueName: "n"))
  var last: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws { try Self.check("--last", last, 1...1_000_000) }

  func run() throws {
    let history = try NightHistory(try job.folder)
    for line in history.damaged {
      Output.warning("\(history.folder.decisions): line \(line) is damaged and does not count")
    }
    if let text = history.standing.text { Output.warning("\(history.folder.name): \(text)") }
    let shown = last.map { Array(history.decisions.suffix($0)) } ?? history.decisions
    try output.print(
      history.json(shown),
      or: HistoryTable.lines(
        of: history, shown, showsBlocks: !Output.isAccessible, width: Output.width))
  }
}
