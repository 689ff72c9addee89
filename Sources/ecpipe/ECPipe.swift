import ArgumentParser
import COpenBLAS

/// The command line: each subcommand parses, calls the library, and renders what it returns.
@main
struct ECPipe: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ecpipe",
    abstract: "Makes fully-connected neural networks small without making them worse.",
    discussion: """
      A schedule (YAML) alternates training with elimination-compensation pruning; every stage ends \
      in a compressed checkpoint, and an interrupted run goes on and ends in the same bits.

      Start with: ecpipe run pipelines/digits.yaml
      """,
    version: version,
    subcommands: [
      RunCommand.self, ResumeCommand.self, PlanCommand.self, ValidateCommand.self,
      StatusCommand.self, ShowCommand.self, EvaluateCommand.self, PredictCommand.self,
      ExportCommand.self,
    ])

  static func main() {
    // Before anything multiplies: OpenBLAS's own threads change bits.
    openblas_set_num_threads(1)
    main(nil)
  }
}
