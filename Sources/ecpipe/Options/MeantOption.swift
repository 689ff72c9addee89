/// The option that was meant by one that a command does not have: the parser goes by letters alone, and knows no
/// other command.
enum MeantOption {
  /// Names of options for the same thing, as some commands have them or people expect them.
  private static let groups = [
    ["data", "csv", "input", "inputs", "file", "samples"], ["output", "out", "destination"],
  ]

  /// `problem`, as the parser puts it, with the option of the command that was meant.
  ///
  /// - Parameter help: that of the command, which names its options; nil for no command.
  static func named(in problem: String, help: String?) -> String {
    let guess = #/Unknown option '--([a-z-]+)'(\. Did you mean '--[a-z-]+'\?)?/#
    guard let help, let match = problem.prefixMatch(of: guess) else { return problem }
    let word = String(match.1)
    let meant = groups.first { $0.contains(word) }?
      .first { $0 != word && help.contains("\n  --\($0) <") }
    guard let meant else { return problem }
    return "Unknown option '--\(word)'. Did you mean '--\(meant)'?"
      + problem[match.range.upperBound...]
  }
}
