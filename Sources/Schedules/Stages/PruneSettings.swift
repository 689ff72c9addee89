import Scheduler
import Storage

/// A `prune` stage of its own, with the keys that an `alternate` has in its `sparsity`, `prune` and
/// `budget`.
///
///     prune: {to: 0.9, criterion: ec, metric: fisher, compensation: ec, budget: {policy: uniform}}
///
/// `to` may be left out where the policy is manual, or the granularity n_of_m; a limit takes its place.
package struct PruneSettings: Sendable, Equatable {
  /// The sparsity afterwards; nil where the budget states it.
  package let target: Sparsity?
  package let criterion: CriterionSettings
  package let budget: Budget

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field, in context: StageContext) {
    guard let keys = field.keys(["to", "budget"] + CriterionSettings.keys) else { return nil }
    let budget = Budget(decoding: keys["budget"], in: context)
    let criterion = CriterionSettings(decoding: keys, budget: budget, in: context)
    let target = keys.optional("to") { $0.sparsity() }
    switch budget?.goal {
    case .share where keys["to"] == nil:
      keys.reportMissing("to")
      return nil
    case .limit where keys["to"] != nil:
      keys["to"]?.report(KeyFault.conflict(with: "budget.limit"))
      return nil
    case .share, .limit, .stated, nil: break
    }
    guard let criterion, let budget, let target else { return nil }
    self.target = target
    self.criterion = criterion
    self.budget = budget
  }

  /// All settings, defaults written out.
  package var json: JSONObject {
    var result = criterion.json
    result["to"] = JSONValue(target?.fraction)
    result["budget"] = budget.json
    return result
  }
}
