import ArgumentParser
import Runs
import Schedules
import Storage
import Studies

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract:
      "Say what a key of a schedule means, what may stand there, and what holds without it.",
    discussion: """
      A key may be given with those that lead to it, where one name stands in several places. Without a key, the \
      keys at the top are told.
      """,
    examples: [
      "ecpipe explain early_stop", "ecpipe explain alternate.sparsity.to", "ecpipe explain",
    ])

  @Argument(help: "The key, such as early_stop or alternate.finetune.")
  var key: String?

  @Flag(help: "Of studies, which ecpipe compare takes, in place of schedules.")
  var study = false

  func run() throws {
    let root = study ? StudySettings.description : RunSchedule.description
    guard let key else {
      let text = KeyText(width: Output.width)
      return try Output.line(text.overview(of: root).joined(separator: "\n"))
    }
    let found = root.places(endingIn: key)
    guard !found.isEmpty else {
      let last = key.split(separator: ".").last.map(String.init) ?? key
      let all = root.places.map { $0.keys[$0.keys.count - 1] }
      let nearest = nearestWord(to: last, among: Set(all).sorted())
      throw RunFailure.commandLine(
        "no key is called \(key)" + (nearest.map { "; did you mean \($0)?" } ?? "")
          + " (ecpipe explain lists those at the top)")
    }
    try Output.line(KeyText(width: Output.width).lines(of: found).joined(separator: "\n"))
  }
}
