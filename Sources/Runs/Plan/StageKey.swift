import Storage

/// Names of results: equal keys mean equal bits on one kind of machine.
package enum StageKey {
  /// The version of everything that keys stand for; a change of what a stage computes raises it.
  package static let format = 1

  /// SHA-256 over (format, parent's key, canonical settings, data digest, seed).
  package static func derive(
    parent: String, settings: JSONValue, facts: DataFacts, seed: UInt64
  ) -> String {
    derive(parent: parent, settings: settings, data: facts.digest, seed: String(seed))
  }

  /// The same, of a data digest and a seed as a checkpoint's lineage has them.
  package static func derive(parent: String, settings: JSONValue, data: String, seed: String)
    -> String
  {
    let json: JSONValue = [
      "format": JSONValue(format), "parent": .string(parent), "settings": settings,
      "data": .string(data), "seed": .string(seed),
    ]
    return Digest.sha256(json.canonicalBytes)
  }
}
