import Programs

/// The program `systemctl`, which tells a systemd about its units.
package struct Systemctl: Sendable {
  private let account: Account
  private let place: JobPlace

  /// For the systemd of `place`.
  package init(_ account: Account, _ place: JobPlace) {
    self.account = account
    self.place = place
  }

  /// Whether a systemd is there that starts timers.
  package var answers: Bool {
    let words = try? run(["is-system-running"]).outputText.split(whereSeparator: \.isNewline)
    // Not offline, unknown or stopping.
    return ["initializing", "starting", "running", "degraded", "maintenance"]
      .contains(words?.first ?? "")
  }

  /// What a person types for `words`.
  package func command(_ words: [String]) -> String {
    (["systemctl"] + scope + words).joined(separator: " ")
  }

  /// - Parameter state: what a message says of where things stand.
  /// - Throws: `CronError`, `ProgramError`.
  func demand(_ words: [String], state: String) throws {
    let outcome = try run(words)
    guard outcome.isSuccess else {
      throw CronError.failed(command: command(words), said: outcome.complaint, state: state)
    }
  }

  private var scope: [String] { place == .user ? ["--user"] : [] }

  private func run(_ words: [String]) throws(ProgramError) -> ProgramOutcome {
    try Program(
      "systemctl", scope + ["--no-ask-password"] + words, environment: account.variables,
      limit: .seconds(30)
    ).run()
  }
}
