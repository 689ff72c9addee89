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
}
