import Nightly
import Storage

extension NightHistory {
  /// The form of `history --json`, with the decisions `shown`.
  package func json(_ shown: [Decision]) -> JSONValue {
    [
      "format": 1, "name": .string(folder.name), "champion": JSONValue(champion),
      "damaged_lines": JSONValue(damaged.map { JSONValue($0) }),
      "nights": JSONValue(nights.map { .string($0) }),
      "decisions": .array(shown.map { .object($0.json) }),
    ]
  }
}
