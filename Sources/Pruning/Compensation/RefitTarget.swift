import Engine
import NeuralNetworks
import NumericCore

/// What refitting goes by in all steps of a pruning: the network before the first of them, what it makes of the
/// samples, and the moments of its first layer, whose inputs never change.
package struct RefitTarget: Sendable {
  package let network: Network
  /// Of the first layer.
  let first: RidgeRegression
  /// z* of the others.
  let activations: TargetActivations

  /// - Parameters:
  ///   - network: finite, and so is what it makes of the samples.
  ///   - samples: at least one.
  ///   - pool: where it is abandoned, the target is worth nothing.
  package init(_ network: Network, on samples: SampleSet, pool: WorkerPool) {
    self.network = network
    let covariance = StatisticsSums.measure(
      [network.layers[0]], weighting: .none, probes: nil, covariancesOf: [0],
      data: samples.inputs, rows: samples.indices, pool: pool
    ).covariances[0]
    first = RidgeRegression(
      RefitMoments(of: network.layers[0], on: covariance, pool: pool),
      share: LeastSquares.ridgeShare)
    activations = TargetActivations(
      of: network.layers, data: samples.inputs, rows: samples.indices, pool: pool)
  }
}
