import Schedules

/// Texts that nobody may read: what came out of the environment, and addresses.
package struct Secrets: Sendable {
  /// Longest first, so that no part of one is left.
  private let values: [String]

  /// Of the commands and the address that `settings` have.
  init(_ settings: NightlySettings) {
    let words = settings.hooks.hooks.values.flatMap(\.command).filter { $0.written != $0.value }
    let address = [settings.monitor.ping].compactMap { $0 }
    values = Set((words + address).map(\.value)).filter { $0.count >= 3 }
      .sorted { ($0.count, $0) > ($1.count, $1) }
  }

  /// `text` with each of them hidden.
  package func hidden(in text: String) -> String {
    values.reduce(text) { $0.replacing($1, with: "(hidden)") }
  }
}
