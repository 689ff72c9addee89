import Schedules

/// How a pruning goes, in words.
enum RecipeText {
  /// Criterion, metric where one plays a part, compensation, and steps.
  static func words(_ settings: CriterionSettings) -> [String] {
    [
      "criterion \(settings.criterion.rawValue)", metric(settings).map { "metric \($0)" },
      "compensation \(settings.compensation.rawValue)", Figures.count(settings.steps, "step"),
    ].compactMap { $0 }
  }

  /// Nil where no metric plays a part.
  private static func metric(_ settings: CriterionSettings) -> String? {
    let pruner = [settings.pruningCriterion.metric, settings.pruningCompensation.metric]
    return pruner.contains { $0 == settings.metric } ? settings.metric.rawValue : nil
  }
}
