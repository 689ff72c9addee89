import Engine
import NumericCore

/// Measures networks of which hidden units are left out at random while they are measured, as training with
/// dropout leaves them out.
package struct DropoutEvaluator: Sendable {
  let samples: SampleSet
  let loss: Loss
  let seed: UInt64
  let pool: WorkerPool

  /// Samples of one block.
  private static let blockSize = 512

  /// - Parameter seed: of the draws, which are functions of it, of the draw and of the sample's position.
  package init(samples: SampleSet, loss: Loss, seed: UInt64, pool: WorkerPool) {
    precondition(samples.count > 0, "an evaluation needs samples")
    self.samples = samples
    self.loss = loss
    self.seed = seed
    self.pool = pool
  }

  /// The mean loss of `network` over the samples, of each of `draws` draws of the units that are left out.
  ///
  /// - Parameter rates: the share of the units of each hidden layer that is left out, at least 0 and below 1.
  package func losses(of network: Network, rates: [Double], draws: Int) -> [Double] {
    let capacity = min(Self.blockSize, samples.count)
    let parameters = ChainParameters(network, trains: true)
    let chain = TrainingChain(
      parameters: parameters, moments: ChainMoments(parameters, first: [], second: []),
      capacity: capacity, clips: false, dropout: Dropout(rates: rates, seed: seed), pool: pool)
    var targets = BatchTargets(outputs: parameters.outputs, capacity: capacity)
    var inputs = BatchInputs(samples.source, capacity: capacity, pool: pool)
    let blocks = (samples.count + capacity - 1) / capacity
    var sums = [Double](repeating: 0, count: draws)
    for block in 0..<blocks {
      let start = block * capacity
      let rows = samples.indices[start..<min(start + capacity, samples.count)]
      targets.gather(samples.targets, rows: rows, for: loss, pool: pool)
      inputs.withRows(rows) { data, places in
        for draw in 0..<draws {
          sums[draw] += chain.propagate(
            data, rows: places, loss: loss, labels: targets.labels, values: targets.values,
            scale: 1, step: draw * blocks + block, ascends: false)
        }
      }
    }
    return sums.map { $0 / Double(samples.count) }
  }
}
