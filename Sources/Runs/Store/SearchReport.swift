import Storage

/// How a search ended.
package struct SearchReport: Sendable, Equatable {
  /// Why it went no further: minimal_step, nothing_smaller, single_weight or rounds.
  package var reason: String
  /// The key of the last model that held.
  package var source: String
  /// The stage that ended in it; nil for the model before the search.
  package var held: String?
  package var trials: Int
  /// Trials that did not hold.
  package var rollbacks: Int
  /// Weights of the model before the search, and of the last that held.
  package var before: Int
  package var weights: Int
  /// What the trials took, over all interruptions.
  package var wallClockSeconds: Double
}

extension SearchReport {
  package var json: JSONValue {
    [
      "reason": .string(reason), "source": .string(source), "held": JSONValue(held),
      "trials": JSONValue(trials), "rollbacks": JSONValue(rollbacks),
      "before": JSONValue(before), "weights": JSONValue(weights),
      "wall_clock_seconds": JSONValue(wallClockSeconds),
    ]
  }

  package init(json: JSONValue) throws(JSONError) {
    reason = try json.string(at: "reason")
    source = try json.string(at: "source")
    held = try json.value(at: "held").stringValue
    trials = try json.integer(at: "trials")
    rollbacks = try json.integer(at: "rollbacks")
    before = try json.integer(at: "before")
    weights = try json.integer(at: "weights")
    wallClockSeconds = try json.number(at: "wall_clock_seconds")
  }
}
