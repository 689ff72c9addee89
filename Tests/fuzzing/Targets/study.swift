import Storage
import Studies

/// A study of any kind. One that is accepted is right in both its forms, and what its record says of it is read again.
func fuzz(_ input: [UInt8]) {
  guard let study = decoded({ try decode(input, quick: false) }) else { return }
  for study in [study, accepted("it is right in both forms") { try decode(input, quick: true) }] {
    let outline = study.outline
    let again = accepted("what is written is read") {
      try StudyOutline(json: JSONValue(parsing: outline.json.canonicalBytes))
    }
    require(again == outline, "the same outline from what was written")
  }
}

private func decode(_ text: [UInt8], quick: Bool) throws -> StudySettings {
  try StudySettings(
    text, file: "s.yaml", quick: quick, environment: { $0 == "NAME" ? "value" : nil })
}
