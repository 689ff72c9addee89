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
    // One sample at a time: the kernels sum over a block.
    var single = SampleBlock(features: network.outputs, capacity: 1)
    single.use(1)
    var target = BatchTargets(outputs: network.outputs, capacity: 1)
    var deltas = SampleBlock(features: network.outputs, capacity: 1)
    var losses: [Double] = []
    var isCorrect: [Bool] = []
    losses.reserveCapacity(samples.count)
    OutputBlocks(network, self).forEach { rows, outputs in
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
    }
    return SampleScores(losses: losses, isCorrect: isCorrect)
  }
}
