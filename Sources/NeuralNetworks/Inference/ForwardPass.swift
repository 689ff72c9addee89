import NumericCore

/// Working memory of forward passes through networks of one architecture; reused, so that a step
/// allocates nothing.
package struct ForwardPass: Sendable {
  /// Pre-activations z of each layer, [outputs, samples].
  package var z: [SampleBlock]
  /// Activations σ(z) of each layer, [outputs, samples].
  package var a: [SampleBlock]

  /// Memory for blocks of at most `capacity` samples.
  package init(for network: Network, capacity: Int) {
    z = network.layers.map { SampleBlock(features: $0.outputs, capacity: capacity) }
    a = z
  }

  /// The network's outputs of the last run, [outputs, samples].
  package var outputs: SampleBlock { a[a.count - 1] }

  /// Runs `input` [inputs, samples] through all layers.
  package mutating func run(_ network: Network, input: SampleBlock, pool: WorkerPool) {
    for (index, layer) in network.layers.enumerated() {
      affineForward(
        weights: layer.weights, bias: layer.bias, activation: layer.activation,
        slope: layer.slope, input: index == 0 ? input : a[index - 1], z: &z[index], a: &a[index],
        pool: pool)
    }
  }
}
