import Engine
import NumericCore

/// What a network makes of each sample of a set, in the set's order.
package struct SampleScores: Sendable, Equatable {
  /// The loss of each sample, a mean over outputs where the loss is one.
  package let losses: [Double]
  /// Whether each sample's class is the one that the network says; empty for targets that are values.
  package let isCorrect: [Bool]

  package init(losses: [Double], isCorrect: [Bool]) {
    self.losses = losses
    self.isCorrect = isCorrect
  }
}

extension Evaluator {
  /// The scores of `network`, sample by sample.
  package func scores(of network: Network) -> SampleScores {
    let parameters = ChainParameters(network, trains: false)
    let capacity = min(Evaluator.blockSize, samples.count)
    let chain = InferenceChain(parameters: parameters, capacity: capacity, pool: pool)
    var inputs = BatchInputs(samples.source, capacity: capacity, pool: pool)
    var outputs = SampleBlock(features: parameters.outputs, capacity: capacity)
    // One sample at a time: the kernels sum over a block.
    var single = SampleBlock(features: parameters.outputs, capacity: 1)
    single.use(1)
    var target = BatchTargets(outputs: parameters.outputs, capacity: 1)
    var deltas = SampleBlock(features: parameters.outputs, capacity: 1)
    var losses: [Double] = []
    var isCorrect: [Bool] = []
    losses.reserveCapacity(samples.count)
    var start = 0
    while start < samples.count {
      let rows = samples.indices[start..<min(start + capacity, samples.count)]
      inputs.withRows(rows) { chain.run($0, rows: $1, into: &outputs) }
      for (sample, row) in rows.indices.enumerated() {
        target.gather(samples.targets, rows: rows[row...row], for: loss, pool: pool)
        for output in 0..<outputs.features {
          single.values[output, 0] = outputs.values[output, sample]
        }
        if samples.exactTargets != nil {
          let errors = (0..<outputs.features).map { output in
            loss.ofValue(Double(single.values[output, 0]), samples.value(of: rows[row], output))
          }
          losses.append(errors.reduce(0, +) / Double(outputs.features))
          continue
        }
        losses.append(loss.evaluate(single, target, scale: 1, deltas: &deltas))
        if case .labels = samples.targets {
          isCorrect.append(single.predictedClass(of: 0) == target.labels[0])
        }
      }
      start += rows.count
    }
    return SampleScores(losses: losses, isCorrect: isCorrect)
  }
}
