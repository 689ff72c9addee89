import Scheduler
import Storage

/// An `alternate` stage with `until`: a search for the sparsest network that holds.
///
///     alternate:
///       until: {validation: {accuracy_drop: 0.005}, confidence: 0.95}
///       sparsity: {step: 0.5, minimal_step: 0.02, to: 0.999}
///       rounds: 40
///       finetune: {epochs: 4}
///
/// Each trial prunes a share (`step`) of the weights that are left, fine-tunes unless it says `none`, and is
/// tested against the model before the stage. Where it fails, the search goes back to the last that held and halves
/// the step.
package struct SearchSettings: Sendable, Equatable {
  package let test: SearchTest
  /// The share of the weights left that a trial removes at first, in (0, 1).
  package let step: Double
  /// The smallest share that is tried, at most `step`.
  package let minimalStep: Double
  /// The sparsity that is not exceeded; nil for none.
  package let limit: Sparsity?
  /// The most trials; nil for as many as it takes.
  package let rounds: Int?
  package let criterion: CriterionSettings
  package let budget: Budget
  /// Whether, and to what, each trial rewinds between pruning and fine-tuning.
  package let rewind: RewindSettings?
  /// The training of every trial; nil for none.
  package let finetune: TrainSettings?

  private typealias Item<Value> = Part<SearchSettings, Value>

  package static func block(in context: StageContext) -> Block<SearchSettings> {
    let steps: Item<Steps> = .setting(
      "sparsity", \.steps, Steps.form, default: .standard, said: "its defaults",
      examples: [["step": 0.5], ["step": 0.25]], "How much each trial removes.")
    let rounds: Item<Int?> = .optional(
      "rounds", \.rounds, .integer(1...CurveEnds.maximumRounds), absent: "as many as it takes",
      examples: [5, 6], "The most trials.")
    return Block(
      "alternate until", "A search for the sparsest network that holds.",
      .setting(
        "until", \.test, .block(SearchTest.block(in: context)),
        "When a pruned network counts as good as the one before the search."),
      rounds, steps, .criterion(\.criterion, in: context), .budget(\.budget, in: context),
      .rewind(\.rewind, in: context),
      .setting(
        "finetune", \.finetune,
        finetune(in: context),
        "The training of every trial; with `none` a trial is tested as it was pruned."),
      check: { keys, _, _, _, _, budget, rewind, finetune in
        check(keys, budget)
        if let finetune, finetune == nil, let rewind, rewind != nil {
          keys["rewind"]?.report(KeyFault.conflict(with: "finetune: none"))
        }
      },
      make: { test, rounds, steps, criterion, budget, rewind, finetune in
        SearchSettings(
          test: test, step: steps.step, minimalStep: steps.minimalStep, limit: steps.limit,
          rounds: rounds, criterion: criterion, budget: budget, rewind: rewind, finetune: finetune)
      })
  }

  /// A training, or `none`.
  private static func finetune(in context: StageContext) -> Form<TrainSettings?> {
    let training = Form.block(TrainSettings.block("finetune", in: context))
    return training.reading { field in
      guard field.plainText == nil else {
        field.reportKind(expected: "a mapping, or none")
        return nil
      }
      return training.read(field)
    }.or("none", as: "none")
  }

  private static func check(_ keys: KeyedFields, _ budget: Budget?) {
    switch budget?.goal {
    case .share, nil: break
    case .limit(.time): keys["budget"]?.report(RelationFault.timedRounds)
    case .stated, .limit(.resource):
      keys["budget"]?.report(
        KeyFault.conflict(with: "until, which finds out how much to keep"))
    }
  }

  private var steps: Steps { Steps(step: step, minimalStep: minimalStep, limit: limit) }

  /// All settings, defaults written out.
  package var json: JSONObject { Self.block(in: .undecided).encode(self) }
}

/// How much the trials of a search remove: the value of `sparsity`.
private struct Steps {
  let step: Double
  let minimalStep: Double
  let limit: Sparsity?

  package static let standard = Steps(step: 0.5, minimalStep: 0.02, limit: nil)

  /// With `curve`, which an alternation without `until` has, a reason is given.
  package static var form: Form<Steps> {
    let block = block
    return Form.block(block).reading { field in
      guard let keys = field.keys(of: block, and: ["curve"]) else { return nil }
      guard let curve = keys["curve"] else { return block.decode(keys) }
      curve.report(KeyFault.conflict(with: "until, which finds its own way"))
      return nil
    }
  }

  private static var block: Block<Steps> {
    let least: Part<Steps, Double?> = .optional(
      "minimal_step", \.minimalStep, .number(.openUnit), absent: "0.02, or a smaller step",
      "The smallest share that is tried, at most step.")
    return Block(
      "sparsity of a search", "How much each trial removes of the weights that are left.",
      .setting(
        "step", \.step, .number(.openUnit), default: standard.step,
        "The share that a trial removes at first; halved where one fails."),
      least,
      .optional(
        "to", \.limit, .sparsity(), absent: "no limit",
        "The sparsity that a search, an alternation with until, does not exceed."),
      check: { keys, step, least, _ in
        guard let step, let least = least ?? nil, least > step else { return }
        keys["minimal_step"]?.report(
          .outOfRange("\(least)", allowed: "numbers above 0 and at most the step, \(step)"))
      },
      make: { step, least, limit in
        Steps(
          step: step, minimalStep: least ?? min(step, standard.minimalStep), limit: limit)
      })
  }
}
