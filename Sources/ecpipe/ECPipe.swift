import ArgumentParser
import COpenBLAS
import Glibc
import NumericCore
import Storage

/// The command line: each subcommand parses, calls the library, and renders what it returns.
@main
struct ECPipe: ParsableCommand {
  static let version = ProgramVersion.current

  static let configuration = CommandConfiguration(
    commandName: "ecpipe",
    abstract: "Makes fully-connected neural networks small without making them worse.",
    discussion: """
      A schedule (YAML) alternates training with elimination-compensation pruning; every stage ends \
      in a compressed checkpoint, and an interrupted run goes on and ends in the same bits.

      Start with: ecpipe run pipelines/digits.yaml
      """,
    // Alone on its line, for scripts.
    version: Ranks.library.map { "\(version)\nMPI: \($0)" } ?? version,
    subcommands: [
      RunCommand.self, ResumeCommand.self, PlanCommand.self, ValidateCommand.self,
      StatusCommand.self, ShowCommand.self, EvaluateCommand.self, PredictCommand.self,
      PruneCommand.self, ShrinkCommand.self, ExportCommand.self, CompareCommand.self,
      VerifyCommand.self,
      ReplayCommand.self, GCCommand.self, CronCommand.self, PromoteCommand.self,
      RollbackCommand.self, HistoryCommand.self, DataCommand.self, BenchCommand.self,
      ReportCommand.self, SchemaCommand.self, ExplainCommand.self, InitCommand.self,
      DoctorCommand.self,
      ListCommand.self, DiffCommand.self, CompletionsCommand.self,
    ])

  static func main() {
    HeapArenas.settle()
    Output.settleStreams()
    Interruption.settleSignals()
    // Before anything multiplies: OpenBLAS's own threads change bits.
    openblas_set_num_threads(1)
    checkInstructions()
    Ranks.join()
    // The parser shows the general help for it.
    let words = CommandLine.arguments.dropFirst()
    if let word = words.first, commandsThatSave.contains(word) {
      // Before anything else, so that no request to stop ends one of them in another way than a later one.
      Interruption.listen(isAttended: !words.contains("--nightly"))
    }
    if words.first == "help", let topic = words.dropFirst().first,
      let problem = unknownCommand(topic)
    {
      Output.error("ecpipe: \(problem)")
      Glibc.exit(64)
    }
    switch Result(catching: { try parseAsRoot() }) {
    case .success(let command): execute(command)
    case .failure(let error): endOfParsing(error)
    }
  }

  /// Ends where the environment asks for kernels that this processor cannot run.
  private static func checkInstructions() {
    do {
      try InstructionSet.check(request: getenv(InstructionSet.variable).map { String(cString: $0) })
    } catch {
      Output.error("ecpipe: \(error)")
      Glibc.exit(64)
    }
  }

  /// Commands that save and go on where they are interrupted.
  private static let commandsThatSave: Set = ["run", "resume", "compare"]

  private static func execute(_ command: any ParsableCommand) {
    var command = command
    do {
      try command.run()
    } catch {
      // Asking for help is a way to end, too.
      if exitCode(for: error) == .success { endOfParsing(error) }
      fail(error)
    }
  }

  /// Ends with the help or the version that was asked for, or with what is wrong on the command line.
  private static func endOfParsing(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    let text = fullMessage(for: error)
    if code == .success { end(showing: text) }
    if Ranks.leavesToFirst(code.rawValue) { Glibc.exit(code.rawValue) }
    let prefix = "Error: "
    let problem = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    let first = CommandLine.arguments.dropFirst().first
    let unknown = first.flatMap(unknownCommand)
    let command = configuration.subcommands.first { $0.configuration.commandName == first }
    let named = MeantOption.named(in: problem, help: command.map { helpMessage(for: $0) })
    Output.error("ecpipe: \(unknown ?? named)")
    Glibc.exit(code.rawValue)
  }

  private static func end(showing text: String) -> Never {
    do {
      try Output.line(text)
    } catch {
      fail(error)
    }
    Glibc.exit(0)
  }

  /// What to say of a first word that is neither a command nor an option; nil for one that is.
  private static func unknownCommand(_ word: String) -> String? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if word.hasPrefix("-") || names.contains(word) { return nil }
    let list = "Allowed: " + names.joined(separator: ", ")
    if word.hasSuffix(".yaml") || word.hasSuffix(".yml") {
      return "there is no command \(word); did you mean ecpipe run \(word)? \(list)"
    }
    guard let nearest = nearestWord(to: word, among: names) else {
      return "there is no command \(word). \(list)"
    }
    return "there is no command \(word); did you mean \(nearest)? \(list)"
  }
}
