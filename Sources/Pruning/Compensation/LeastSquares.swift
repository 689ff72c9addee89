import Engine
import NeuralNetworks
import NumericCore

/// Refits every row's surviving weights and bias to what its unit was before the pruning stage, layer by layer
/// from the inputs upwards, each on the inputs that the refitted layers below it give:
///
///     Ĝ = Cov(â)   Ĉ = Cov(â, z*)   w_S ← (Ĝ_SS + λ)⁻¹ (Ĉ_S + λ w_S)   b ← E z* − w_S · E â_S
///
/// with â the layer's inputs in the new network, z* the pre-activations in the network before the first of the
/// stage's steps, S the row's survivors and λ = 0.01 times the mean variance of the inputs, a ridge that
/// pulls towards the weights that there are. Rows that lose nothing are refitted, too, in each step: so they
/// make up for what layers below them no longer give. In the first layer, whose inputs never change, biases
/// meet means weighted as elimination-compensation weights them.
///
/// What is guaranteed: over the scoring samples, no row is further from z*, apart from its mean, than its
/// former survivors are on the same inputs; a row for which rounding says otherwise, or whose weights would
/// overflow, keeps its weights and has its bias refitted alone. Units that nothing reads are left as they
/// are, and so is a layer that is still that before the stage, and all below it. Nothing is said of samples
/// that were not scored.
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

  package func layerwise(_ context: ScoringContext) -> any Compensation {
    LocalLeastSquares(metric: outputMetric, context)
  }

  @discardableResult
  package func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport? {
    precondition(removed.count == network.layers.count, "a list of removed weights for each layer")
    guard let target = context.target else {
      preconditionFailure("a compensation that regresses has its target")
    }
    let clock = ContinuousClock()
    let started = clock.now
    var shifted = network
    BiasShift(metric: outputMetric).apply(to: &shifted, removed: removed, context)
    var layers: [CompensationReport.Errors] = []
    for index in network.layers.indices {
      let layer = network.layers[index]
      if layers.allSatisfy({ $0 == .none }), layer == target.network.layers[index] {
        layers.append(.none)
        continue
      }
      let regression =
        index == 0
        ? target.first
        : RidgeRegression(
          target.activations.moments(
            above: Array(network.layers[..<index]), on: context.samples, pool: context.pool),
          share: Self.ridgeShare)
      context.pool.askWhetherToStop()
      if context.pool.isAbandoned { return nil }
      let refit = LayerRefit(
        layer: layer, units: network.readUnits(ofLayer: index), regression: regression,
        means: {
          index == 0 ? context.statistics(outputMetric).means(0, unit: $0) : nil
        }, target: target.network.layers[index], pool: context.pool)
      context.pool.askWhetherToStop()
      if context.pool.isAbandoned { return nil }
      layers.append(refit.errors)
      refit.apply(to: &network.layers[index])
    }
    let distance = OutputDistance(
      from: target.network, on: context.samples.spread(Self.mostMeasured), pool: context.pool)
    let outputs = CompensationReport.Errors(
      shifted: distance.meanSquare(to: shifted), refitted: distance.meanSquare(to: network))
    return CompensationReport(
      layers: layers, outputs: outputs, seconds: (clock.now - started) / .seconds(1))
  }

  /// Most samples over which the outputs' errors are measured: enough for a report, and little time beside
  /// the rest.
  private static let mostMeasured = 1024
}

extension Network {
  /// The units of layer `index` that the layer above takes in, or that are outputs.
  fileprivate func readUnits(ofLayer index: Int) -> [Int] {
    let units = layers[index].outputs
    guard index + 1 < layers.count, let mask = layers[index + 1].mask else {
      return Array(0..<units)
    }
    var isRead = [Bool](repeating: false, count: units)
    for weight in mask.keptIndices { isRead[weight % units] = true }
    return isRead.indices.filter { isRead[$0] }
  }
}
