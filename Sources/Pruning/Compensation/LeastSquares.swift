import NeuralNetworks

/// Refits each row's surviving weights and bias to the signal of the weights it lost:
///
///     δ = (G_SS + λ)⁻¹ G_SP w_P     w_S ← w_S + δ     b ← b + w_P·m_P − δ·m_S
///
/// with G the covariance of the layer's inputs in the network as it was before the round, S the row's
/// survivors, P the weights it lost in this round (what went earlier has been refitted then), λ = 0.01 times
/// the mean variance, and m the inputs' means weighted as elimination-compensation weights them; a unit
/// without influence takes plain means.
///
/// What is guaranteed: over the scoring samples, the variance of each row's error is not above that of
/// shifting its bias alone; a row for which rounding says otherwise, or whose weights would overflow, only
/// has its bias shifted. Rows that lose nothing are not touched. Nothing is said of the error's mean where
/// weighted means differ from plain ones, nor of samples that were not scored.
///
/// The report's layer errors are over all scoring samples, its output errors over at most 1,024 of them.
///
/// Optimizer moments of refitted weights stay: they average past gradients, which the refit does not change.
package struct LeastSquares: Compensation {
  /// λ as a share of the mean variance of a layer's inputs.
  package static let ridgeShare = 0.01

  private let outputMetric: OutputMetric

  package init(metric: OutputMetric) { outputMetric = metric }

  package var name: String { "least_squares" }

  package var metric: OutputMetric? { outputMetric }

  package var regresses: Bool { true }

  @discardableResult
  package func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport? {
    precondition(removed.count == network.layers.count, "a list of removed weights for each layer")
    var shifted = network
    var layers: [CompensationReport.Errors] = []
    for index in network.layers.indices {
      let refit = LayerRefit(
        layer: context.network.layers[index], removed: removed[index],
        means: { context.statistics(outputMetric).means(index, unit: $0) },
        covariance: context.inputCovariances[index], regression: context.regressions[index],
        pool: context.pool)
      if context.pool.isAbandoned { return nil }
      layers.append(refit.errors)
      refit.apply(to: &network.layers[index], weights: true)
      refit.apply(to: &shifted.layers[index], weights: false)
    }
    let distance = OutputDistance(
      from: context.network, on: context.samples.spread(Self.mostMeasured), pool: context.pool)
    return CompensationReport(
      layers: layers,
      outputs: CompensationReport.Errors(
        shifted: distance.meanSquare(to: shifted), refitted: distance.meanSquare(to: network)))
  }

  /// Most samples over which the outputs' errors are measured: enough for a report, and little time beside
  /// the rest.
  private static let mostMeasured = 1024
}
