/// How survivors make up for removed weights, as a schedule names it.
package enum CompensationName: String, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// Each unit keeps its mean.
  case mean
  /// Each bias shifts as elimination-compensation under the metric finds best.
  case ec
  /// Every row is refitted to what its unit was, layer by layer.
  case leastSquares = "least_squares"

  /// The compensation itself; those of elimination-compensation and least squares take a criterion's metric.
  package func under(_ metric: OutputMetric) -> any Compensation {
    switch self {
    case .none: NoCompensation()
    case .mean: BiasShift.mean
    case .ec: BiasShift(metric: metric)
    case .leastSquares: LeastSquares(metric: metric)
    }
  }
}
