/// Words of commands that messages advise.
package enum ShellWord {
  /// `word` in single quotes where a shell would read more into it than its letters.
  package static func quoted(_ word: String) -> String {
    if isPlain(word) { return word }
    let pieces = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + pieces.joined(separator: "'\\''") + "'"
  }

  /// Whether a shell reads nothing into `word`.
  package static func isPlain(_ word: String) -> Bool {
    !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "-_./=:,+@".utf8.contains(byte)
        }
      }
  }
}
