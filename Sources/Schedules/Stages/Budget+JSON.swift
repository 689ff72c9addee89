import Scheduler
import Storage

extension Budget {
  /// All settings, defaults written out; it is part of stages' keys.
  package var json: JSONValue {
    var json: JSONObject = [
      "policy": .string(name), "min_density": JSONValue(common.minimumDensity),
      "max_sparsity": JSONValue(common.maximumSparsity?.fraction),
      "layers": JSONValue(
        rules.map { rule in
          [
            "select": JSONValue(rule.pattern.globs.map { .string($0) }),
            "keep": JSONValue(rule.keep), "density": JSONValue(rule.density),
            "min_density": JSONValue(rule.minimumDensity),
            "max_sparsity": JSONValue(rule.maximumSparsity?.fraction),
          ]
        }),
    ]
    if let ladder { json["ladder"] = JSONValue(ladder.rungs.map { JSONValue($0.fraction) }) }
    if let limit { json["limit"] = limit.json }
    switch granularity {
    // Left out where single weights go, so that the keys of stages stay what they were.
    case .weight: break
    case .unit: json["granularity"] = "unit"
    case .groups(let pattern):
      json["granularity"] = [
        "n_of_m": ["keep": JSONValue(pattern.keep), "of": JSONValue(pattern.size)]
      ]
    }
    return .object(json)
  }
}

extension BudgetLimit {
  /// The limit as a schedule has it.
  fileprivate var json: JSONValue {
    switch self {
    case .resource(.bytes(let most)): ["bytes": JSONValue(most)]
    case .resource(.multiplyAdds(let most)): ["multiply_adds": JSONValue(most)]
    case .time(let time):
      ["milliseconds": JSONValue(time.milliseconds), "batch": JSONValue(time.batch)]
    }
  }
}
