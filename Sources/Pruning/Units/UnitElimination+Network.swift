import Engine
import NeuralNetworks
import NumericCore

extension UnitElimination {
  /// Samples at most from which B is measured: gradients of all outputs are many, and what they come to
  /// hardly differs.
  package static let mostMeasured = 2048

  /// For each hidden layer of the network that is pruned; nil for one where no unit varies, or for which the
  /// inverse cannot be computed.
  ///
  /// - Throws: `PruningError.interrupted`.
  package static func layers(
    _ context: ScoringContext, under metric: OutputMetric
  ) throws(PruningError) -> [UnitElimination?] {
    let (layers, pool) = (context.network.layers, context.pool)
    let hidden = Array(layers.indices.dropFirst())
    let covariances = StatisticsSums.measure(
      layers, weighting: .none, covariancesOf: hidden, on: context.samples, pool: pool
    ).covariances
    try pool.checkInterruption()
    let influences = influences(context, under: metric)
    try pool.checkInterruption()
    var result: [UnitElimination?] = []
    for (covariance, influence) in zip(covariances, influences) {
      let ridge = covariance.ridge(share: LeastSquares.ridgeShare)
      let inverse = ridge > 0 ? covariance.inverse(ridge: ridge, pool: pool) : nil
      try pool.checkInterruption()
      result.append(
        inverse.map {
          UnitElimination(
            inverse: $0, influence: influence, units: covariance.inputs, ridge: ridge)
        })
    }
    return result
  }

  /// B of each hidden layer.
  private static func influences(
    _ context: ScoringContext, under metric: OutputMetric
  ) -> [[Double]] {
    let (network, samples) = (context.network, context.samples.spread(mostMeasured))
    let probes = OutputProbes(count: context.draws.probes, seed: context.draws.seed)
    return HiddenGradients.squares(
      of: network.layers, weighting: metric.weighting(for: context.loss),
      probes: network.outputs > NetworkStatistics.mostExactOutputs ? probes : nil,
      data: samples.inputs, rows: samples.indices, pool: context.pool)
  }
}
