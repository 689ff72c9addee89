import Scheduler
import Schedules
import Storage

/// How stages prune, but for how much: what the rounds of an alternation have in common.
struct PruningTemplate: Sendable {
  let criterion: CriterionSettings
  let budget: Budget
  /// One element a layer.
  let limits: [LayerLimits]
  /// Of the network.
  let outputs: Int

  /// The settings of the stage called `name` that leaves `total` weights, as its key has them; nil where they
  /// follow from what layers take.
  func settings(keeping total: Int?, name: String) -> JSONObject {
    var json = criterion.resultSettings
    json["budget"] = budget.json
    json["weights"] = JSONValue(total)
    if criterion.drawsAtRandom(outputs: outputs) { json["draws"] = .string(name) }
    return json
  }

  /// What that stage does.
  func action(keeping total: Int?, keepsOptimizer: Bool) -> PruningAction {
    PruningAction(
      kept: total, criterion: criterion, budget: budget, limits: limits,
      keepsOptimizer: keepsOptimizer)
  }
}
