import Engine
import NumericCore

/// The gradient of a loss by all weights, over samples.
package enum LossGradient {
  private static let blockSize = 512

  /// dL/dw of every weight, one matrix [outputs, inputs] a layer, where L is the mean loss over
  /// `samples`. For a pruned weight it is what the gradient would be if the weight were there.
  ///
  /// Products are taken in Float32 within blocks of 512 samples and added in Double.
  package static func weights(
    of network: Network, on samples: SampleSet, loss: Loss, pool: WorkerPool
  ) -> [Matrix] {
    precondition(samples.count > 0, "a gradient needs samples")
    let capacity = min(blockSize, samples.count)
    // Without masks, so that a pruned weight, which is 0, has a gradient.
    let parameters = ChainParameters(network.layers, masked: false, trains: true)
    let chain = TrainingChain(
      parameters: parameters, moments: ChainMoments(parameters, first: [], second: []),
      capacity: capacity, clips: false, pool: pool)
    var targets = BatchTargets(outputs: network.outputs, capacity: capacity)
    var sums = [Double](repeating: 0, count: parameters.vectorCount)
    var start = 0
    while start < samples.count {
      let rows = samples.indices[start..<min(start + capacity, samples.count)]
      targets.gather(samples.targets, rows: rows, for: loss, pool: pool)
      _ = chain.propagate(
        samples.inputs, rows: rows, loss: loss, labels: targets.labels,
        values: targets.values, scale: 1)
      chain.addGradients(to: &sums)
      start += rows.count
    }
    return parameters.matrices(of: sums.map { $0 / Double(samples.count) })
  }
}
