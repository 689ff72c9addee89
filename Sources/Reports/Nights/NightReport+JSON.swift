import Nightly
import Storage

extension NightReport {
  /// The form of `run --nightly --json`, and of what hooks read.
  package var json: JSONValue {
    [
      "format": 1, "name": .string(name), "night": JSONValue(night),
      "state": .string(state.rawValue), "reason": .string(reason),
      "champion": JSONValue(champion), "exit_code": JSONValue(Int(exitCode)),
      "seconds": JSONValue(seconds), "log": .string(log),
      "decision": decision.map { .object($0.json) } ?? .null,
    ]
  }
}
