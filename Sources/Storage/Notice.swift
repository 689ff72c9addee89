/// A sentence that the user should see beside what a command was asked for.
package enum Notice: Sendable, Equatable {
  /// What was found or done: shown on standard error unless somebody wants quiet.
  case note(String)
  /// What is probably not as somebody wants it, or has gone wrong without ending the work: always shown.
  case warning(String)

  /// The sentence.
  package var text: String {
    switch self {
    case .note(let text), .warning(let text): text
    }
  }

  /// What it is, as its line begins and logs have it.
  package var word: String { isWarning ? "warning" : "note" }

  /// Whether it is shown to those who want quiet, too.
  package var isWarning: Bool { if case .warning = self { true } else { false } }
}
