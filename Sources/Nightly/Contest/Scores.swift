import NeuralNetworks
import Runs
import Schedules

/// What a network makes of the rows that it is judged by.
package enum Scores: Sendable, Equatable {
  /// Whether each row's class is right.
  case hits([Bool])
  /// The loss of each row.
  case losses([Double])
  /// The errors, an element a row: in the units of the target, or of several targets in their standard deviations.
  case errors([Double])

  /// Scores `network` for comparing by `metric`.
  init(_ network: Network, by metric: PromotionSettings.Metric, with evaluator: Evaluator) {
    switch metric {
    case .accuracy: self = .hits(evaluator.scores(of: network).isCorrect)
    case .loss: self = .losses(evaluator.scores(of: network).losses)
    case .rmse, .mae: self = .errors(evaluator.errors(of: network)[0])
    case .nrmse: self = .errors(evaluator.normalizedErrors(of: network))
    }
  }

  /// The number of rows.
  package var rows: Int {
    switch self {
    case .hits(let hits): hits.count
    case .losses(let losses): losses.count
    case .errors(let errors): errors.count
    }
  }
}
