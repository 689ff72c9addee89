import Storage

/// A network as it was judged.
package struct Contender: Sendable, Equatable {
  /// The night that made it.
  package let night: String
  /// SHA-256 of its checkpoint.
  package let sha256: String
  /// Bytes of its checkpoint.
  package let bytes: Int
  /// Weights that are left.
  package let weights: Int
  package let sparsity: Double
  /// The value of the metric; nil where there were no rows to measure.
  package var value: Double?
  /// Of one row at batch 1, where that is limited.
  package var milliseconds: Double?

  package init(
    night: String, sha256: String, bytes: Int, weights: Int, sparsity: Double,
    value: Double? = nil, milliseconds: Double? = nil
  ) {
    self.night = night
    self.sha256 = sha256
    self.bytes = bytes
    self.weights = weights
    self.sparsity = sparsity
    self.value = value
    self.milliseconds = milliseconds
  }
}

extension Contender {
  package var json: JSONValue {
    [
      "night": .string(night), "sha256": .string(sha256), "bytes": JSONValue(bytes),
      "weights": JSONValue(weights), "sparsity": JSONValue(sparsity), "value": JSONValue(value),
      "milliseconds": JSONValue(milliseconds),
    ]
  }

  init(json: JSONValue) throws(JSONError) {
    self.init(
      night: try json.string(at: "night"), sha256: try json.string(at: "sha256"),
      bytes: try json.integer(at: "bytes"), weights: try json.integer(at: "weights"),
      sparsity: try json.number(at: "sparsity"), value: json["value"]?.doubleValue,
      milliseconds: json["milliseconds"]?.doubleValue)
  }
}
