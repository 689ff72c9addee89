import Storage

/// JSON: the canonical and the readable form of a value that is accepted are read again, and give
/// the same canonical form.
func fuzz(_ input: [UInt8]) {
  guard let value = decoded({ try JSONValue(parsing: input) }) else { return }
  let canonical = value.canonicalBytes
  for form in [canonical, Array(value.readable.utf8)] {
    let again = accepted("what is written is read") { try JSONValue(parsing: form) }
    require(again == value, "the same value from what was written")
    require(again.canonicalBytes == canonical, "one canonical form")
  }
}
