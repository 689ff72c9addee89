/// A line of a file that is only ever added to: an object in canonical form that carries its own digest, so
/// that one which is torn or damaged is told from one that was written.
package enum SealedLine {
  private static let member = "sha256"

  /// The line of `object`, without its line break.
  package static func text(of object: JSONObject) -> String {
    var sealed = object
    sealed[member] = .string(digest(of: object))
    return JSONValue.object(sealed).canonical
  }

  /// The object of a sound line, without its digest; nil for any other.
  package static func object(of line: [UInt8]) -> JSONObject? {
    guard var object = (try? JSONValue(parsing: line))?.objectValue,
      let stated = object[member]?.stringValue
    else { return nil }
    object[member] = nil
    return stated == digest(of: object) ? object : nil
  }

  private static func digest(of object: JSONObject) -> String {
    var object = object
    object[member] = .null
    return Digest.sha256(JSONValue.object(object).canonicalBytes)
  }
}
