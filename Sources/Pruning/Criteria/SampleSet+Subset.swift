import NeuralNetworks
import NumericCore

extension SampleSet {
  /// `count` of the samples, drawn without replacement by `seed`, in their order; all where there are no
  /// more.
  package func subset(_ count: Int, seed: UInt64) -> SampleSet {
    if count >= self.count { return self }
    var draws = Philox(seed: seed, purpose: .scoringSamples)
    let chosen = draws.permutation(self.count).prefix(count).sorted()
    return SampleSet(source, targets: targets, indices: chosen.map { indices[$0] })
  }

  /// `count` of the samples, drawn without replacement by `seed`, and the others, both in their order.
  func divided(_ count: Int, seed: UInt64) -> (drawn: SampleSet, others: SampleSet) {
    var draws = Philox(seed: seed, purpose: .heldOutSamples)
    var isDrawn = [Bool](repeating: false, count: self.count)
    for place in draws.permutation(self.count).prefix(count) { isDrawn[place] = true }
    func part(_ drawn: Bool) -> SampleSet {
      SampleSet(
        source, targets: targets,
        indices: indices.indices.filter { isDrawn[$0] == drawn }.map { indices[$0] })
    }
    return (part(true), part(false))
  }

  /// At most `most` of the samples, spread evenly over their order.
  func spread(_ most: Int) -> SampleSet {
    if count <= most { return self }
    return SampleSet(
      source, targets: targets,
      indices: (0..<most).map { indices[$0 * count / most] })
  }
}
