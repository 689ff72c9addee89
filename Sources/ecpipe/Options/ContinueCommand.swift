import Storage

/// The command line that goes on where this one was interrupted, as a shell takes it.
package enum ContinueCommand {
  /// - Parameters:
  ///   - arguments: the words of this command line, the program first.
  ///   - added: words that say what was left to be found out.
  /// - Returns: the same without what must not happen again: `--fresh` and `--from`.
  package static func text(of arguments: [String], adding added: [String] = []) -> String {
    var words: [String] = []
    var skips = false
    for argument in arguments {
      if skips {
        skips = false
      } else if argument == "--from" {
        skips = true
      } else if argument != "--fresh", !argument.hasPrefix("--from=") {
        words.append(argument)
      }
    }
    return (words + added).map(ShellWord.quoted).joined(separator: " ")
  }

  /// The same as it can be given in any folder: with whole paths, and the folder of all runs.
  ///
  /// - Parameters:
  ///   - checkpoints: that folder, a whole path.
  ///   - paths: those among `arguments`, as they stand there.
  package static func fromAnywhere(
    of arguments: [String], checkpoints: String, paths: [String]
  ) -> String {
    var words = arguments.map { word in
      if paths.contains(word) { return FilePaths.absolute(word) }
      guard let end = word.firstIndex(of: "="), word.hasPrefix("--"),
        paths.contains(String(word[word.index(after: end)...]))
      else { return word }
      return word[...end] + FilePaths.absolute(String(word[word.index(after: end)...]))
    }
    if !words.isEmpty { words[0] = program(of: arguments) }
    let isNamed = words.contains { $0 == "--checkpoints" || $0.hasPrefix("--checkpoints=") }
    return text(of: words, adding: isNamed ? [] : ["--checkpoints", checkpoints])
  }

  /// The program of the command line `arguments`, as it can be called in any folder.
  package static func program(of arguments: [String]) -> String {
    let program = arguments.first ?? "ecpipe"
    return program.contains("/") ? FilePaths.absolute(program) : program
  }
}
