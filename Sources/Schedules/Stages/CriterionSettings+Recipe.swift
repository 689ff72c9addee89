import Pruning
import Scheduler

/// What is done where nothing is stated and no training makes up for it: what was measured to lose least.
extension CriterionSettings {
  /// The steps. Chosen on validation rows of twelve networks trained elsewhere; the table is in the
  /// documentation of pruning a network of one's own.
  package static let bestSteps = 18
  /// The compensation, of networks without a layer of more than `widestRegression` inputs.
  package static let bestCompensation = CompensationName.leastSquares

  /// What else a pruning by `budget` that no training follows could state, as `advice` has it; nil where it
  /// does.
  package func untrainedAdvice(_ budget: Budget, as advice: Advice = .schedule) -> String? {
    let steps = Self.untrainedSteps(budget)
    var better: [String] = []
    if self.steps < steps { better.append(advice.option("steps", "\(steps)")) }
    if compensation != Self.bestCompensation {
      better.append(advice.option("compensation", Self.bestCompensation.rawValue))
    }
    return better.isEmpty ? nil : better.joined(separator: " and ")
  }

  /// When it holds, in words, for a default.
  static var whenUntrained: String {
    "in a prune stage that no train or finetune follows before another pruning, and beside no criterion"
  }

  /// The steps of a pruning by `budget` that no training follows. Where counts of layers are stated, whole units
  /// meet them in one step alone.
  static func untrainedSteps(_ budget: Budget?) -> Int {
    guard let budget, budget.granularity.pattern == nil, budget.rule.basis != .curves,
      budget.policy != .manual
    else {
      return 1
    }
    return bestSteps
  }
}
