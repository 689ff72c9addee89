import ArgumentParser

/// The examples that the help of a command ends with.
package enum HelpExamples {
  /// The line above them.
  static let title = "EXAMPLES:"

  /// A command that does something itself.
  package struct Command: Sendable {
    /// Its words, without the program's name.
    package let name: String
    package let examples: [String]
  }

  /// Every command that does something itself, with the examples of its help.
  package static var all: [Command] { below(ECPipe.self, []) }

  private static func below(_ type: any ParsableCommand.Type, _ names: [String]) -> [Command] {
    type.configuration.subcommands.flatMap { command -> [Command] in
      let path = names + [command.configuration.commandName ?? ""]
      let own = command.configuration.subcommands
      if !own.isEmpty { return below(command, path) }
      return [
        Command(
          name: path.joined(separator: " "), examples: examples(of: command.configuration))
      ]
    }
  }

  private static func examples(of configuration: CommandConfiguration) -> [String] {
    let lines = configuration.discussion.split(separator: "\n")
    guard let start = lines.firstIndex(where: { $0 == title }) else { return [] }
    return lines[(start + 1)...].map { String($0.drop { $0 == " " }) }
  }

  /// Why `words`, without the program's name, are no command line; nil where they are one.
  package static func problem(with words: [String]) -> String? {
    do {
      _ = try ECPipe.parseAsRoot(words)
      return nil
    } catch {
      return ECPipe.fullMessage(for: error)
    }
  }
}

extension CommandConfiguration {
  /// The configuration of a command whose help ends with examples.
  ///
  /// - Parameter examples: whole command lines, each at most 76 characters long, so that it stays a line of
  ///   its own.
  init(
    commandName: String, abstract: String, discussion: String = "", examples: [String]
  ) {
    let block = ([HelpExamples.title] + examples.map { "  " + $0 }).joined(separator: "\n")
    self.init(
      commandName: commandName, abstract: abstract,
      discussion: discussion.isEmpty ? block : discussion + "\n\n" + block)
  }
}
