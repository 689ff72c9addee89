import Scheduler
import Storage

/// From which layers weights are removed, and within which limits.
///
///     budget: {policy: global, min_density: 0.01, layers: {output: {keep: true}}}
///     budget: {policy: optimal, ladder: [0.5, 0.8, 0.9, 0.95, 0.98]}
///     budget: {policy: optimal, limit: {bytes: 40000}}        # or multiply_adds, in place of to
///     budget: {policy: optimal, limit: {milliseconds: 0.05, batch: 1}}   # of prune stages
///     budget: {policy: manual, layers: {"hidden*": {density: 0.02}, output: {density: 0.5}}}
///     budget: {policy: uniform, granularity: unit}
///     budget: {granularity: {n_of_m: {keep: 2, of: 4}}, layers: {output: {keep: true}}}
///
/// A key of `layers` is a name, a glob, or several of them with commas between. Where two select
/// the same layer, the later one holds.
package struct BudgetSettings: Sendable, Equatable {
  /// Which layer keeps how much; `global` unless stated, that of groups where the granularity is n_of_m.
  package let policy: any BudgetPolicy
  /// In what portions weights go; single ones unless stated.
  package let granularity: PruningGranularity
  /// What holds for every layer.
  let common: LayerLimits
  /// What holds for some, in the order of the schedule.
  let rules: [LayerRule]
  /// All settings, defaults written out; equal settings have equal forms.
  package let json: JSONValue

  package static func == (left: BudgetSettings, right: BudgetSettings) -> Bool {
    left.json == right.json
  }

  /// The limits of each of the layers called `names`.
  ///
  /// - Throws: `BudgetError.noSuchLayer`, which decoding has ruled out for the schedule's own
  ///   layers.
  package func limits(of names: [String]) throws(BudgetError) -> [LayerLimits] {
    try common.applying(rules, to: names)
  }

  /// Whether a limit takes the place of a sparsity.
  package var isLimited: Bool { policy is LimitedBudget || policy is TimedBudget }

  /// What states how much is kept, in the schedule's words; that of a policy which does.
  package var stating: String {
    switch policy {
    case is GroupBudget: "the granularity n_of_m"
    case is LimitedBudget, is TimedBudget: "a limit"
    default: "the policy \(policy.name)"
    }
  }

  package init(
    policy: any BudgetPolicy, granularity: PruningGranularity = .weight, common: LayerLimits,
    rules: [LayerRule], densities: [Double?]
  ) {
    self.policy = policy
    self.granularity = granularity
    self.common = common
    self.rules = rules
    var json: JSONObject = [
      "policy": .string(policy.name),
      "min_density": JSONValue(common.minimumDensity),
      "max_sparsity": JSONValue(common.maximumSparsity?.fraction),
      "layers": JSONValue(
        zip(rules, densities).map { rule, density in
          [
            "select": JSONValue(rule.pattern.globs.map { .string($0) }),
            "keep": JSONValue(rule.keep), "density": JSONValue(density),
            "min_density": JSONValue(rule.minimumDensity),
            "max_sparsity": JSONValue(rule.maximumSparsity?.fraction),
          ]
        }),
    ]
    if let measured = policy as? any MeasuredBudget {
      json["ladder"] = JSONValue(measured.ladder.rungs.map { JSONValue($0.fraction) })
    }
    if let limited = policy as? LimitedBudget { json["limit"] = limited.limit.json }
    if let timed = policy as? TimedBudget {
      json["limit"] = [
        "milliseconds": JSONValue(timed.milliseconds), "batch": JSONValue(timed.batch),
      ]
    }
    // Left out where single weights go, so that the keys of stages stay what they were.
    if granularity == .unit { json["granularity"] = "unit" }
    if let groups = policy as? GroupBudget {
      json["granularity"] = [
        "n_of_m": [
          "keep": JSONValue(groups.pattern.keep), "of": JSONValue(groups.pattern.size),
        ]
      ]
    }
    self.json = .object(json)
  }

  /// One threshold for the whole network, no limits.
  package static let standard = BudgetSettings(
    policy: .global, common: .none, rules: [], densities: [])
}

extension ResourceLimit {
  /// The limit as a schedule has it.
  fileprivate var json: JSONValue {
    switch self {
    case .bytes(let most): ["bytes": JSONValue(most)]
    case .multiplyAdds(let most): ["multiply_adds": JSONValue(most)]
    }
  }
}
