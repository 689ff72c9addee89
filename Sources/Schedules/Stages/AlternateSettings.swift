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
///       finish: {epochs: 20}
///
/// Without `rounds`, `finetune` and `finish` there are the rounds that did best where we measured: see
/// ``FineTuning``. With `rewind: {to: train, epoch: 2}` each round goes back to that point before it is
/// fine-tuned.
///
/// With `release: {share: 0.5}` each round but the last lets pruned weights grow back inside smaller layers: see
/// ``ReleaseSettings``.
///
/// The curve may give the rounds (a list, one_shot, a fraction with a target), and `to` may be left out where
/// it follows: from a list, from a fraction with rounds, or from the
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
  /// Whether, and how, removed weights grow back in the rounds.
  package let release: ReleaseSettings?
  package let fineTuning: FineTuning

  package static func block(in context: StageContext) -> Block<AlternateSettings> {
    let described: Item<Path?> = .optional(
      "sparsity", \.path, .block(Path.block()), absent: "needed unless the budget says how much",
      isUsual: true, examples: [["to": 0.75], ["to": 0.5]], "How much is removed.")
    let path: Part<AlternateSettings, Path> = Part(described.keys, described.settings) { keys in
      Path(keys, budget: Item<Budget>.budget(\.budget, in: context).read(keys))
    } write: { settings, members in
      members["sparsity"] = .object(Path.block().encode(settings.path))
    }
    return Block(
      "alternate", "Rounds of pruning, each followed by fine-tuning.",
      rounds, path, .criterion(\.criterion, in: context), .budget(\.budget, in: context),
      .rewind(\.rewind, in: context),
      .optional(
        "release", \.release, .block(ReleaseSettings.block), absent: "nothing grows back",
        omitted: true,
        "Whether units are left out and removed weights grow back in the rounds (squeeze and release)."
      ),
      FineTuning.part(\.fineTuning, in: context) { rounds.read($0) ?? nil },
      check: { keys, rounds, path, _, budget, rewind, release, _ in
        if let rewind, rewind != nil, let release, release != nil {
          keys["release"]?.report(KeyFault.conflict(with: "rewind"))
        }
        if budget?.callTime != nil { keys["budget"]?.report(RelationFault.timedRounds) }
        if budget?.granularity.pattern != nil, let rounds = rounds ?? nil, rounds > 1 {
          keys["rounds"]?.report(KeyFault.conflict(with: "granularity: n_of_m"))
        }
      },
      make: { rounds, path, criterion, budget, rewind, release, fineTuning in
        AlternateSettings(
          rounds: rounds ?? (path.curve.givesRounds ? nil : FineTuning.standardRounds),
          target: path.target, curve: path.curve, criterion: criterion, budget: budget,
          rewind: rewind, release: release, fineTuning: fineTuning)
      })
  }

  fileprivate typealias Item<Value> = Part<AlternateSettings, Value>

  fileprivate static var rounds: Item<Int?> {
    .optional(
      "rounds", \.rounds, .integer(1...CurveEnds.maximumRounds),
      absent: "what the curve gives, else \(FineTuning.standardRounds)", isUsual: true,
      examples: [3, 4],
      "How many rounds.")
  }

  private var path: Path { Path(target: target, curve: curve) }

  /// All settings, defaults written out.
  package var json: JSONObject { Self.block(in: .undecided).encode(self) }
}

/// How sparsity leads to where it ends: the value of `sparsity`.
private struct Path {
  let target: Sparsity?
  let curve: SparsityCurve

  init(target: Sparsity?, curve: SparsityCurve) {
    self.target = target
    self.curve = curve
  }

  /// Reads `sparsity`, given what else could say where it ends.
  init?(_ keys: KeyedFields, budget: Budget?) {
    guard budget?.callTime == nil else { return nil }
    let rounds = AlternateSettings.rounds.read(keys) ?? nil
    let isStated = budget.map { $0.goal != .share } ?? false
    if let field = keys["sparsity"] {
      let block = Self.block(rounds: rounds, budget: budget)
      guard let path = block.read(field) else { return nil }
      self = path
    } else if isStated {
      self.init(target: nil, curve: budget?.granularity.pattern == nil ? .standard : .oneShot)
    } else {
      keys.reportMissing("sparsity")
      return nil
    }
  }

  package static func block(rounds: Int? = nil, budget: Budget? = nil) -> Block<Path> {
    let isGrouped = budget?.granularity.pattern != nil
    let curve: Part<Path, SparsityCurve> = .setting(
      "curve", \.curve, SparsityCurve.form, default: isGrouped ? .oneShot : .standard,
      said: "cubic", "How sparsity grows over the rounds.")
    return Block(
      "sparsity", "How much is removed over the rounds.",
      .optional(
        "to", \.target, .sparsity(), absent: "needed unless the curve or the budget says how much",
        isUsual: true, "The sparsity after the last round, over all weights of the network."),
      curve,
      check: { keys, target, curve in
        guard let target, let curve else { return }
        check(keys, Path(target: target, curve: curve), rounds: rounds, budget: budget)
      },
      make: Path.init)
  }

  private static func check(_ keys: KeyedFields, _ path: Path, rounds: Int?, budget: Budget?) {
    if budget?.granularity.pattern != nil, let curve = keys["curve"] {
      curve.report(KeyFault.conflict(with: "granularity: n_of_m"))
      return
    }
    if budget?.limit != nil, let to = keys["to"] {
      to.report(KeyFault.conflict(with: "budget.limit"))
      return
    }
    var list: ListCurve?
    if case .list(let own) = path.curve { list = own }
    let isGiven = path.curve.givesTarget && (list != nil || rounds != nil)
    if path.target == nil, let budget, budget.goal == .share, !isGiven {
      keys.reportMissing("to")
      return
    }
    guard let list else { return }
    if budget?.limit != nil {
      keys["curve"]?.report(KeyFault.conflict(with: "budget.limit"))
      return
    }
    do {
      _ = try list.sparsities(from: .zero, to: path.target, rounds: rounds)
    } catch {
      keys["curve"]?.report(.curve(error))
    }
  }
}
