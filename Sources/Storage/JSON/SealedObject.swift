/// An object that carries its own digest, so that one which is torn or damaged is told from one that was
/// written: a line of a file that is only ever added to, or a whole file.
package enum SealedObject {
  private static let member = "sha256"

  /// `object` with its digest.
  package static func sealed(_ object: JSONObject) -> JSONObject {
    var sealed = object
    sealed[member] = .string(digest(of: object))
    return sealed
  }

  /// `sealed` without its digest; nil where that is not its own, or not there.
  package static func opened(_ sealed: JSONObject) -> JSONObject? {
    var object = sealed
    object[member] = nil
    return sealed[member]?.stringValue == digest(of: object) ? object : nil
  }

  /// The line of `object`, without its line break.
  package static func line(of object: JSONObject) -> String {
    JSONValue.object(sealed(object)).canonical
  }

  /// The object of a sound line, without its digest; nil for any other.
  package static func object(ofLine line: [UInt8]) -> JSONObject? {
    (try? JSONValue(parsing: line))?.objectValue.flatMap(opened)
  }

  /// Of all members but the digest itself, which counts as null.
  private static func digest(of object: JSONObject) -> String {
    var object = object
    object[member] = .null
    return Digest.sha256(JSONValue.object(object).canonicalBytes)
  }
}
