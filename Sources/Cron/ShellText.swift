/// Words as `sh` reads them, in a line that cron has read first.
enum ShellText {
  /// `word` for a command in a crontab.
  ///
  /// Cron ends a command at `%` and takes `\%` for it. Some crons also make one backslash of two, others do
  /// not, so two never stand side by side.
  static func quoted(_ word: String) -> String {
    if PlainText.needsNoQuotes(word) { return word }
    var text = "'"
    for scalar in word.unicodeScalars {
      switch scalar {
      case "'": text += #"'"'"'"#
      case "\\": text += #"\''"#
      case "%": text += #"\%"#
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "'"
  }

  /// The words of a command in a crontab; nil where a quote is not closed.
  static func words(of command: String) -> [String]? {
    let handed = command.split(separator: "\\%", omittingEmptySubsequences: false)
      .joined(separator: "%")
    var words: [String] = []
    var word: String?
    var quote: Unicode.Scalar?
    var rest = Substring(handed).unicodeScalars
    while let scalar = rest.popFirst() {
      switch (scalar, quote) {
      case ("'", nil), ("\"", nil):
        quote = scalar
        word = word ?? ""
      case ("'", "'"), ("\"", "\""): quote = nil
      case ("\\", nil), ("\\", "\""):
        guard let next = rest.popFirst() else { return nil }
        // Between double quotes it is its own before most.
        if quote != nil, !"\"\\$`".unicodeScalars.contains(next) { word = (word ?? "") + "\\" }
        word = (word ?? "") + String(next)
      case (" ", nil), ("\t", nil):
        if let finished = word { words.append(finished) }
        word = nil
      default: word = (word ?? "") + String(scalar)
      }
    }
    if quote != nil { return nil }
    return words + (word.map { [$0] } ?? [])
  }
}
