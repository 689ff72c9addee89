import Storage

/// Two networks on the same rows.
package struct Comparison: Sendable, Equatable {
  /// What they were compared by, on which part, with so many rows.
  package let metric: String
  package let part: String
  package let rows: Int
  /// How much worse tonight's is than the champion; nil without a champion.
  package var worse: Double?
  /// The one-sided bound of that at `confidence`.
  package var bound: Double?
  /// What the metric was before tonight's first pruning; nil where a champion judged tonight's network, and
  /// where it is not known.
  package var dense: Double?
  /// What the metric is of the constant answer; nil where a champion judged tonight's network.
  package var constant: Double?
  /// The most that the bound may be.
  package let allowed: Double
  package let confidence: Double

  package init(
    metric: String, part: String, rows: Int, worse: Double? = nil, bound: Double? = nil,
    dense: Double? = nil, constant: Double? = nil, allowed: Double, confidence: Double
  ) {
    self.metric = metric
    self.part = part
    self.rows = rows
    self.worse = worse
    self.bound = bound
    self.dense = dense
    self.constant = constant
    self.allowed = allowed
    self.confidence = confidence
  }
}

extension Comparison {
  package var json: JSONValue {
    [
      "metric": .string(metric), "part": .string(part), "rows": JSONValue(rows),
      "worse": JSONValue(worse.flatMap { $0.isFinite ? $0 : nil }),
      "bound": JSONValue(bound.flatMap { $0.isFinite ? $0 : nil }),
      "dense": JSONValue(dense.flatMap { $0.isFinite ? $0 : nil }),
      "constant": JSONValue(constant.flatMap { $0.isFinite ? $0 : nil }),
      "allowed": JSONValue(allowed), "confidence": JSONValue(confidence),
    ]
  }

  init(json: JSONValue) throws(JSONError) {
    self.init(
      metric: try json.string(at: "metric"), part: try json.string(at: "part"),
      rows: try json.integer(at: "rows"), worse: json["worse"]?.doubleValue,
      bound: json["bound"]?.doubleValue, dense: json["dense"]?.doubleValue,
      constant: json["constant"]?.doubleValue,
      allowed: try json.number(at: "allowed"), confidence: try json.number(at: "confidence"))
  }
}
