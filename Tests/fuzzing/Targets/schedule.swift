import Formats
import Pipeline

/// A schedule, and behind zero bytes, which no schedule may have, overrides of the command line. One
/// that is accepted is written as JSON, which is YAML, and read again as an equal schedule.
func fuzz(_ input: [UInt8]) {
  let texts = input.split(separator: 0, omittingEmptySubsequences: false)
  let overrides = texts.dropFirst().map { String(decoding: $0, as: UTF8.self) }
  let environment: @Sendable (String) -> String? = { $0 == "NAME" ? "value" : nil }
  guard
    let schedule = decoded({
      try Schedule(
        Array(texts[0]), file: "s.yaml", overrides: overrides, environment: environment)
    })
  else { return }
  // A duration is no text: in a schedule it stands without quotes, which JSON cannot do.
  let every = "\(schedule.checkpoints.every.components.seconds)s"
  let yaml = schedule.json.canonical
    .replacing("\"every\":\"\(every)\"", with: "\"every\":\(every)")
  let again = accepted("what is written is read") {
    try Schedule(Array(yaml.utf8), file: "t.yaml", environment: environment)
  }
  require(again == schedule, "the same schedule from what was written")
}
