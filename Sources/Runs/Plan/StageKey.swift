import Engine
import Storage

/// Names of results: equal keys mean equal bits on one kind of machine.
package enum StageKey {
  /// The version of what keys are made from. That of what stages compute is `EngineVersion`, which the
  /// root's settings have.
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

extension RootRecord {
  /// The model that nothing comes before. Its settings are `settings` and the version of the engine, so
  /// that another engine gives every stage another key.
  package init(
    _ settings: JSONObject, facts: DataFacts, seed: UInt64, engine: Int = EngineVersion.current
  ) {
    var settings = settings
    settings["engine"] = JSONValue(engine)
    self.settings = .object(settings)
    key = StageKey.derive(parent: "", settings: self.settings, facts: facts, seed: seed)
  }
}
