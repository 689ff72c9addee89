import NeuralNetworks
import Scheduler
import Storage

/// An `alternate` stage: rounds of pruning, each followed by fine-tuning.
///
///     alternate:
///       rounds: 12
///       sparsity: {to: 0.98, curve: cubic}
///       prune: {criterion: ec, metric: fisher}
///       budget: {policy: global}
///       finetune: {epochs: 4}
///
/// With `rewind: {to: train, epoch: 2}` each round goes back to that point before it is fine-tuned.
///
/// `rounds` may be left out where the curve gives them (a list, one_shot, a fraction with a
/// target), and `to` where it follows: from a list, from a fraction with rounds, or from the
/// policy manual. With the granularity n_of_m there is one round, and `to` follows. A limit of the budget
/// takes the place of `to`: the curve leads to the weights that fit.
package struct AlternateSettings: Sendable, Equatable {
  /// Nil where the curve gives them.
  package let rounds: Int?
  /// The sparsity after the last round; nil where it follows from the curve or the policy.
  package let target: Sparsity?
  package let curve: SparsityCurve
  package let criterion: CriterionSettings
  package let budget: Budget
  /// Whether, and to what, each round rewinds between pruning and fine-tuning.
  package let rewind: RewindSettings?
  package let finetune: TrainSettings

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field, in context: inout StageContext) {
    // With `until` it is a search, which has settings of its own.
    let allowed = ["until", "rounds", "sparsity", "prune", "budget", "rewind", "finetune"]
    guard let keys = field.keys(allowed) else { return nil }
    let rounds = keys.optional("rounds") { $0.integer(1...CurveEnds.maximumRounds) }
    let budget = Budget(decoding: keys["budget"], in: context)
    let isTimed = budget?.callTime != nil
    if isTimed { keys["budget"]?.report(RelationFault.timedRounds) }
    let criterion = Self.criterion(keys["prune"], budget, in: context)
    let path = isTimed ? nil : Self.path(keys, rounds: rounds ?? nil, budget: budget)
    let rewind = keys.optional("rewind") { RewindSettings(decoding: $0, in: context) }
    let finetune = keys.required("finetune").flatMap {
      TrainSettings(decoding: $0, in: &context)
    }
    if budget?.granularity.pattern != nil, let rounds = rounds ?? nil, rounds > 1 {
      keys["rounds"]?.report(KeyFault.conflict(with: "granularity: n_of_m"))
      return nil
    }
    if let path, keys["rounds"] == nil, !path.curve.givesRounds {
      keys.reportMissing("rounds")
      return nil
    }
    guard let rounds, let criterion, let budget, let path, let rewind,
      let finetune
    else { return nil }
    self.rounds = rounds
    target = path.target
    curve = path.curve
    self.criterion = criterion
    self.budget = budget
    self.rewind = rewind
    self.finetune = finetune
  }

  /// Reads `prune`; without it the defaults hold.
  static func criterion(
    _ field: Field?, _ budget: Budget?, in context: StageContext
  ) -> CriterionSettings? {
    guard let field else {
      return CriterionSettings(decoding: nil, budget: budget, in: context)
    }
    guard let keys = field.keys(CriterionSettings.keys) else { return nil }
    return CriterionSettings(decoding: keys, budget: budget, in: context)
  }

  /// Reads `sparsity`, given what else could say where it ends.
  private static func path(
    _ keys: KeyedFields, rounds: Int?, budget: Budget?
  ) -> (target: Sparsity?, curve: SparsityCurve)? {
    let isStated = budget.map { $0.goal != .share } ?? false
    let isGrouped = budget?.granularity.pattern != nil
    guard let field = keys["sparsity"] else {
      if isStated { return (nil, isGrouped ? .oneShot : .standard) }
      keys.reportMissing("sparsity")
      return nil
    }
    guard let path = field.keys(["to", "curve"]) else { return nil }
    let target = path.optional("to") { $0.sparsity() }
    if isGrouped, let curve = path["curve"] {
      curve.report(KeyFault.conflict(with: "granularity: n_of_m"))
      return nil
    }
    if budget?.limit != nil, let to = path["to"] {
      to.report(KeyFault.conflict(with: "budget.limit"))
      return nil
    }
    let standard = isGrouped ? SparsityCurve.oneShot : .standard
    let curve = path["curve"].map { SparsityCurve(decoding: $0) } ?? standard
    guard let target, let curve else { return nil }
    var list: ListCurve?
    if case .list(let own) = curve { list = own }
    let isGiven = curve.givesTarget && (list != nil || rounds != nil)
    if target == nil, budget != nil, !isStated, !isGiven {
      path.reportMissing("to")
      return nil
    }
    if let list {
      if budget?.limit != nil {
        path["curve"]?.report(KeyFault.conflict(with: "budget.limit"))
        return nil
      }
      do {
        _ = try list.sparsities(from: .zero, to: target, rounds: rounds)
      } catch {
        path["curve"]?.report(.curve(error))
        return nil
      }
    }
    return (target, curve)
  }

  /// All settings, defaults written out.
  package var json: JSONObject {
    var result: JSONObject = [
      "rounds": JSONValue(rounds),
      "sparsity": ["to": JSONValue(target?.fraction), "curve": curve.json],
      "prune": .object(criterion.json), "budget": budget.json, "finetune": .object(finetune.json),
    ]
    if let rewind { result["rewind"] = .object(rewind.json) }
    return result
  }
}
