import NeuralNetworks
import NumericCore

extension SampleSet {
  /// `count` of the samples, drawn without replacement by `seed`, in their order; all where there are no
  /// more.
  package func subset(_ count: Int, seed: UInt64) -> SampleSet {
    if count >= self.count { return self }
    var draws = Philox(seed: seed, purpose: .scoringSamples)
    let chosen = draws.permutation(self.count).prefix(count).sorted()
    return SampleSet(inputs: inputs, targets: targets, indices: chosen.map { indices[$0] })
  }

  /// At most `most` of the samples, spread evenly over their order.
  func spread(_ most: Int) -> SampleSet {
    if count <= most { return self }
    return SampleSet(
      inputs: inputs, targets: targets,
      indices: (0..<most).map { indices[$0 * count / most] })
  }
}
