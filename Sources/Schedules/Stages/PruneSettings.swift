import Scheduler
import Storage

/// A `prune` stage of its own, with the keys that an `alternate` has in its `sparsity`, `prune` and
/// `budget`.
///
///     prune: {to: 0.9, criterion: ec, metric: fisher, compensation: ec, budget: {policy: uniform}}
///
/// Where no training follows, a stage that states no criterion prunes as `ecpipe prune` does: see
/// ``CriterionSettings/bestSteps``.
///
/// `to` may be left out where the policy is manual, or the granularity n_of_m; a limit takes its place.
package struct PruneSettings: Sendable, Equatable {
  /// The sparsity afterwards; nil where the budget states it.
  package let target: Sparsity?
  package let criterion: CriterionSettings
  package let budget: Budget

  package static func block(in context: StageContext) -> Block<PruneSettings> {
    let budget = Part<PruneSettings, Budget>.budget(\.budget, in: context)
    let criterion = Part<PruneSettings, CriterionSettings>.included(\.criterion) {
      CriterionSettings.block(
        budget: $0.flatMap(budget.read), in: context, isTrained: context.isTrainedNext)
    }
    return Block(
      "prune", "Removes weights once.",
      .optional(
        "to", \.target, .sparsity(), absent: "needed unless the budget says how much",
        isUsual: true,
        "The sparsity afterwards, over all weights of the network."),
      budget, criterion,
      check: { keys, _, budget, _ in
        switch budget?.goal {
        case .share where keys["to"] == nil: keys.reportMissing("to")
        case .limit: keys["to"]?.report(KeyFault.conflict(with: "budget.limit"))
        case .share, .stated, nil: break
        }
      },
      make: { PruneSettings(target: $0, criterion: $2, budget: $1) })
  }

  /// All settings, defaults written out.
  package var json: JSONObject { Self.block(in: .undecided).encode(self) }
}
