import Pruning
import Scheduler
import Schedules
import Storage

/// One way to prune that a study compares with the others.
///
///     criteria:
///       - ec
///       - {criterion: ec, metric: fisher, steps: 10, name: ec-10-steps}
///       - {criterion: taylor, compensation: [none, mean, ec, least_squares]}
///       - {criterion: ec, budget: [uniform, erk, {policy: optimal, min_density: 0.01}]}
///       - {criterion: ec, compensation: least_squares, refine: {target: both}, name: refined}
///       - {criterion: nonlinear, samples: 500, force: true, ratios: [0.5, 0.9]}
///
/// Without `compensation`, here or for the whole study, a criterion comes as it was published. The budget is global, for wanda uniform.
package struct StudyMethod: Sendable, Equatable {
  /// What stands in the column `criterion`: the criterion's word unless there is a name.
  package let label: String
  package let criterion: CriterionSettings
  package let budget: Budget
  /// Whether the study states the budget, so that the title has its policy.
  let statesBudget: Bool
  /// The shares of weights to remove, above 0, in the order given.
  package let ratios: [Sparsity]
  /// The names of the data sets that it is tried on.
  package let datasets: [String]

  /// What stands in the column `metric`; nil where no metric plays a part.
  package var metric: OutputMetric? {
    let measures =
      criterion.criterion.takesMetric
      || [.ec, .leastSquares].contains(criterion.compensation)
    return measures ? criterion.metric : nil
  }

  /// Whether the compensation is the one that the criterion was published with.
  package var isAsPublished: Bool {
    criterion.compensation == criterion.criterion.publishedCompensation
  }

  /// The settings that a result depends on, but for the number of weights that stay.
  var resultSettings: JSONObject {
    var result = criterion.resultSettings
    if metric == nil { result["metric"] = .null }
    result["budget"] = budget.json
    return result
  }

  /// A name for people: `ec`, `ec fisher`, `ec fisher, lamp`, `magnitude + ec`.
  ///
  /// - Parameter task: `output` is not told for regression, where the two metrics are one.
  package var title: String {
    var text = label
    if let metric, criterion.criterion.takesMetric, metric != .output {
      text += " " + metric.rawValue
    }
    if statesBudget { text += ", " + budget.name }
    if !isAsPublished { text += " + " + criterion.compensation.rawValue }
    if let refine = criterion.refine { text += " + refine " + refine.target.rawValue }
    return text
  }

  /// Whether a table of results could not tell cells of the two apart, or they are the same.
  func overlaps(_ other: StudyMethod) -> Bool {
    let sameColumns =
      label == other.label && metric == other.metric
      && criterion.compensation == other.criterion.compensation
      && budget.name == other.budget.name
    guard sameColumns || resultSettings == other.resultSettings else { return false }
    return ratios.contains(where: other.ratios.contains)
      && datasets.contains(where: other.datasets.contains)
  }
}
