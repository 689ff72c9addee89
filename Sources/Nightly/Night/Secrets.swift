import Schedules

/// Texts that nobody may read: what came out of the environment, and addresses.
package struct Secrets: Sendable {
  /// The fewest characters of one; shorter ones stand everywhere.
  private static let least = 3

  /// Longest first, so that no part of one is left.
  private let values: [String]

  /// Of the commands and the address that `settings` have.
  package init(_ settings: NightlySettings) {
    values = Set(settings.secrets).filter { $0.count >= Self.least }
      .sorted { ($0.count, $0) > ($1.count, $1) }
  }

  /// `text` with each of them hidden.
  package func hidden(in text: String) -> String {
    values.reduce(text) { $0.replacing($1, with: "(hidden)") }
  }
}
