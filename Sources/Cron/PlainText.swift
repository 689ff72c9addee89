import Storage

/// Text that means itself everywhere.
enum PlainText {
  /// Whether `word` is the same to `sh`, cron and systemd with quotes and without; an `@` in front has a
  /// meaning to systemd.
  static func needsNoQuotes(_ word: String) -> Bool {
    ShellWord.isPlain(word) && !word.contains("@")
  }
}
