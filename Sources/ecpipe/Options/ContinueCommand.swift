import Schedules

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
    return (words + added).map(quoted).joined(separator: " ")
  }

  /// `word` in single quotes where a shell would read more into it than its letters.
  static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_./=:,+@".utf8.contains(byte)
      }
    }
    if plain, !word.isEmpty { return word }
    let pieces = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + pieces.joined(separator: "'\\''") + "'"
  }
}
