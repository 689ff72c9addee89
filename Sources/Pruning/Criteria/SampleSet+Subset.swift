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
}
