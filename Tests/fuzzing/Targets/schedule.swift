import Runs
import Schedules
import Storage

/// A schedule, and behind zero bytes, which no schedule may have, overrides of the command line. One
/// that is accepted says the same when overrides say again what it says, and its JSON is read again.
func fuzz(_ input: [UInt8]) {
  let texts = input.split(separator: 0, omittingEmptySubsequences: false)
  let overrides = texts.dropFirst().map { String(decoding: $0, as: UTF8.self) }
  guard let schedule = decoded({ try decode(Array(texts[0]), overrides) }) else { return }
  let level = schedule.checkpoints.level
  let seconds = schedule.checkpoints.every.components.seconds
  let same = [
    "seed=\(schedule.seed)", "checkpoints.level=\(level)", "checkpoints.every=\(seconds)s",
  ]
  let again = accepted("a value of its own may be stated") {
    try decode(Array(texts[0]), overrides + same)
  }
  require(again == schedule, "the same schedule with its own values stated")
  let json = accepted("what is written is read") {
    try JSONValue(parsing: schedule.json.canonicalBytes)
  }
  require(json == schedule.json, "the same JSON from what was written")
}

private func decode(_ text: [UInt8], _ overrides: [String]) throws -> RunSchedule {
  try RunSchedule(
    text, file: "s.yaml", overrides: overrides,
    environment: { $0 == "NAME" ? "value" : nil })
}
