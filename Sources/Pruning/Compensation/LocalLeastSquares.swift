import Engine
import NeuralNetworks
import NumericCore

/// Refits each row that loses weights to the signal of these, on the inputs that its layer had before the step,
/// whatever other layers lose:
///
///     w_S ← w_S + (G_SS + λ)⁻¹ G_SP w_P     b ← b + w_P · m_P − (change of w_S) · m_S
///
/// with G the covariance of those inputs, S the row's survivors, P what it loses in the step, and m the inputs'
/// means weighted as elimination-compensation weights them. This is what curves of single layers are measured
/// with where `LeastSquares` compensates, which looks at all layers at once.
struct LocalLeastSquares: Compensation {
  private let outputMetric: OutputMetric
  /// Of the layers before the step, each towards itself.
  private let regressions: [RidgeRegression]

  /// - Parameter context: knows the network before the step.
  init(metric: OutputMetric, _ context: ScoringContext) {
    outputMetric = metric
    regressions = RidgeRegression.toThemselves(
      context.network.layers, on: context.samples, pool: context.pool)
  }

  var name: String { "least_squares" }

  var metric: OutputMetric? { outputMetric }

  @discardableResult
  func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport? {
    let statistics = context.statistics(outputMetric)
    for (index, removed) in removed.enumerated() where !removed.isEmpty {
      let inputs = network.layers[index].inputs
      let refit = LayerRefit(
        layer: network.layers[index], units: Set(removed.map { $0 / inputs }).sorted(),
        regression: regressions[index],
        means: { statistics.means(index, unit: $0) }, target: context.network.layers[index],
        pool: context.pool)
      if context.pool.isAbandoned { return nil }
      refit.apply(to: &network.layers[index])
    }
    return nil
  }
}
