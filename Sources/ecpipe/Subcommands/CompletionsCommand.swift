import ArgumentParser

struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print the script by which a shell completes command lines.",
    discussion: """
      Commands, options and their words are completed, files by what they are for, and names: of runs, studies \
      and nightly jobs under --checkpoints, of stages (--from, --until, replay), of nights, and the settings \
      and layers of a schedule (--set). Stages, settings and layers take as long as ecpipe plan does.

      bash reads the script from ~/.local/share/bash-completion/completions/ecpipe, zsh from the file _ecpipe \
      in a folder of $fpath, fish from ~/.config/fish/completions/ecpipe.fish.
      """,
    examples: [
      "ecpipe completions bash > ~/.local/share/bash-completion/completions/ecpipe",
      "ecpipe completions zsh > ~/.zsh/completions/_ecpipe",
      "ecpipe completions fish > ~/.config/fish/completions/ecpipe.fish",
    ])

  @Argument(help: "The shell.", completion: .list(Shell.allCases.map(\.rawValue)))
  var shell: Shell

  func run() throws {
    try Output.exact(ECPipe.completionScript(for: shell.kind) + "\n")
  }

  /// A shell that there is a script for.
  enum Shell: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    var kind: CompletionShell {
      switch self {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    }
  }
}
