import Engine
import NeuralNetworks
import NumericCore

/// What one pass over samples tells about every weight of a network: S0 = E[h], S1 = E[h a] and
/// S2 = E[h a²], where a is the weight's input and h = Σ_k (∂y_k/∂z)² the sensitivity of the outputs
/// to its unit, under a metric.
///
/// Memory: 16 bytes a weight, and while measuring 4 more a weight, 4 KiB for every unit and 8 KiB for
/// every input of every layer.
package struct NetworkStatistics: Sendable {
  /// Most outputs for which every one gets a backward pass; above, probes stand for them.
  package static let mostExactOutputs = 64

  package let metric: OutputMetric
  private let sums: StatisticsSums

  /// Measures `network` on all of `samples`.
  ///
  /// - Parameters:
  ///   - loss: what the network was trained for; decides what `fisher` means.
  ///   - probes: estimate h, without bias, for a network with more than `mostExactOutputs` outputs, but
  ///     where it is in closed form (the last hidden layer, unless it is a softmax's, and the output).
  /// - Throws: `PruningError.noSamples`, `.weightsNotFinite`, `.statisticsNotFinite`, `.interrupted`.
  package init(
    of network: Network, on samples: SampleSet, metric: OutputMetric, loss: Loss,
    probes: OutputProbes? = nil, pool: WorkerPool
  ) throws(PruningError) {
    precondition(samples.inputs.columns == network.inputs, "a column for every input")
    if samples.count == 0 { throw .noSamples }
    for layer in network.layers {
      // Said first, because an activation such as relu hides a NaN from what lies above it.
      let finite = layer.weights.isFinite && layer.slope.isFinite
      if !finite || !layer.bias.allSatisfy(\.isFinite) {
        throw .weightsNotFinite(layer: layer.name)
      }
    }
    self.metric = metric
    sums =
      StatisticsSums.measure(
        network.layers, weighting: metric.weighting(for: loss),
        probes: network.outputs > Self.mostExactOutputs ? probes : nil, on: samples, pool: pool
      ).sums
    try pool.checkInterruption()
    for (index, layer) in network.layers.enumerated() where !sums.isFinite(index) {
      throw .statisticsNotFinite(layer: layer.name, metric: metric)
    }
  }

  /// What it costs to remove each weight w of layer `index` and how its bias best makes up for it:
  /// importance I = w² (S2 − S1²/S0) and shift d* = w S1/S0, both [outputs, inputs].
  ///
  /// Both are 0, never NaN, for a unit that does not influence the outputs. A pruned weight is 0, so
  /// its importance and shift are.
  ///
  /// Source: the closed form of Eq. 5 in Ballini et al., "Elimination-compensation pruning for
  /// fully-connected neural networks", arXiv 2602.20467.
  ///
  /// - Parameter layer: the layer as it was measured.
  package func elimination(
    _ index: Int, layer: DenseLayer, pool: WorkerPool
  ) -> (importance: Matrix, shift: Matrix) {
    sums.elimination(index, weights: layer.weights, pool: pool)
  }

  /// w² · S2 of every weight of layer `index`, [outputs, inputs]: what its removal costs to first order
  /// when nothing makes up for it; 0 for units without influence.
  package func energy(_ index: Int, layer: DenseLayer) -> Matrix {
    sums.energy(index, weights: layer.weights)
  }

  /// S2 of every weight of layer `index`, [outputs, inputs], and S0 of every unit: the diagonal of the
  /// Gauss-Newton matrix by weights and biases; 0 for units without influence.
  func diagonal(_ index: Int) -> (weights: Matrix, biases: [Double]) { sums.diagonal(index) }

  /// S1/S0 of the inputs of unit `unit` of layer `index`: their means, weighted by the unit's influence;
  /// nil for a unit without.
  package func means(_ index: Int, unit: Int) -> [Double]? { sums.means(index, unit: unit) }

  /// ‖a_j‖₂ of the inputs of layer `index` over the samples; for the metric `none`.
  package func inputNorms(_ index: Int) -> [Double] { sums.inputNorms(index) }
}
