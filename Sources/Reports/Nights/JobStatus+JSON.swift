import Nightly
import Storage

extension JobStatus {
  /// The form of `status --json` of a nightly job.
  package var json: JSONValue {
    [
      "format": 1, "kind": "nightly job", "name": .string(folder.name),
      "status": .string(summary), "champion": JSONValue(champion), "open": JSONValue(open),
      "unfinished": JSONValue(standing.text),
      "nights": JSONValue(nights), "decisions": JSONValue(decisions),
      "last": last.map { .object($0.json) } ?? .null,
    ]
  }
}
