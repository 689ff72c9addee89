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
/// Each trial prunes a share (`step`) of the weights that are left, fine-tunes, and is tested against
/// the model before the stage. Where it fails, the search goes back to the last that held and halves
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
  package let finetune: TrainSettings

  /// - Returns: nil where something is wrong; it is reported.
  package init?(decoding field: Field, in context: inout StageContext) {
    let allowed = ["until", "rounds", "sparsity", "prune", "budget", "rewind", "finetune"]
    guard let keys = field.keys(allowed) else { return nil }
    let test = keys.required("until").flatMap { SearchTest(decoding: $0, in: context) }
    let rounds = keys.optional("rounds") { $0.integer(1...CurveEnds.maximumRounds) }
    let budget = Self.budget(keys["budget"], in: context)
    let criterion = AlternateSettings.criterion(keys["prune"], budget, in: context)
    let steps = Self.steps(keys["sparsity"])
    let rewind = keys.optional("rewind") { RewindSettings(decoding: $0, in: context) }
    let finetune = keys.required("finetune").flatMap {
      TrainSettings(decoding: $0, in: &context)
    }
    guard let test, let rounds, let budget, let criterion, let steps, let rewind, let finetune
    else { return nil }
    self.test = test
    (step, minimalStep, limit) = steps
    self.rounds = rounds
    self.criterion = criterion
    self.budget = budget
    self.rewind = rewind
    self.finetune = finetune
  }

  private static func budget(_ field: Field?, in context: StageContext) -> Budget? {
    guard let budget = Budget(decoding: field, in: context) else { return nil }
    switch budget.goal {
    case .share: return budget
    case .limit(.time): field?.report(RelationFault.timedRounds)
    case .stated, .limit(.resource):
      field?.report(KeyFault.conflict(with: "until, which finds out how much to keep"))
    }
    return nil
  }

  private static func steps(
    _ field: Field?
  ) -> (step: Double, minimalStep: Double, limit: Sparsity?)? {
    guard let field else { return (standardStep, standardMinimalStep, nil) }
    guard let keys = field.keys(["step", "minimal_step", "to", "curve"]) else { return nil }
    if let curve = keys["curve"] {
      curve.report(KeyFault.conflict(with: "until, which finds its own way"))
      return nil
    }
    let step = keys["step"].map { $0.number(.openUnit) } ?? standardStep
    let stated = keys.optional("minimal_step") { $0.number(.openUnit) }
    let limit = keys.optional("to") { $0.sparsity() }
    guard let step, let stated, let limit else { return nil }
    let minimal = stated ?? min(step, standardMinimalStep)
    guard minimal <= step else {
      keys["minimal_step"]?.report(
        .outOfRange("\(minimal)", allowed: "numbers above 0 and at most the step, \(step)"))
      return nil
    }
    return (step, minimal, limit)
  }

  private static let standardStep = 0.5
  private static let standardMinimalStep = 0.02

  /// All settings, defaults written out.
  package var json: JSONObject {
    var result: JSONObject = [
      "until": test.json, "rounds": JSONValue(rounds),
      "sparsity": [
        "step": JSONValue(step), "minimal_step": JSONValue(minimalStep),
        "to": JSONValue(limit?.fraction),
      ],
      "prune": .object(criterion.json), "budget": budget.json, "finetune": .object(finetune.json),
    ]
    if let rewind { result["rewind"] = .object(rewind.json) }
    return result
  }
}
