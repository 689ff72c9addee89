import Formats
import Pruning

/// By what weights are ranked.
///
///     criterion: ec
///     metric: fisher
package struct CriterionSettings: Sendable, Equatable {
  /// How the importance of a weight is defined.
  package enum Criterion: String, Sendable, CaseIterable {
    /// Elimination-compensation.
    case ec
  }

  /// ec unless stated.
  package let criterion: Criterion
  /// fisher for classification and output for regression, unless stated.
  package let metric: OutputMetric

  /// The keys that set it.
  static let keys = ["criterion", "metric"]

  /// Reads both keys; nil where something is wrong.
  init?(decoding keys: KeyedFields?, task: LearningTask?) {
    let criterion = keys?["criterion"].map { $0.word("criterion") } ?? Criterion.ec
    let standard: OutputMetric = task == .regression ? .output : .fisher
    let metric = keys?["metric"].map { $0.word("metric") } ?? standard
    guard let criterion, let metric else { return nil }
    self.criterion = criterion
    self.metric = metric
  }

  /// Both keys.
  package var json: JSONObject {
    ["criterion": .string(criterion.rawValue), "metric": .string(metric.rawValue)]
  }
}
