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
    first = RidgeRegression.toThemselves([network.layers[0]], on: samples, pool: pool)[0]
    activations = TargetActivations(
      of: network.layers, data: samples.inputs, rows: samples.indices, pool: pool)
  }
}

extension RidgeRegression {
  /// Regressions of each of `layers`, a chain of them from the first, to what it makes itself of the inputs that
  /// it has in the chain.
  ///
  /// - Parameter pool: where it is abandoned, they are worth nothing.
  static func toThemselves(
    _ layers: [DenseLayer], on samples: SampleSet, pool: WorkerPool
  ) -> [RidgeRegression] {
    let covariances = StatisticsSums.measure(
      layers, weighting: .none, covariancesOf: Array(layers.indices), on: samples, pool: pool
    ).covariances
    return zip(layers, covariances).map {
      RidgeRegression(
        RefitMoments(of: $0, on: $1, pool: pool), share: LeastSquares.ridgeShare)
    }
  }
}
