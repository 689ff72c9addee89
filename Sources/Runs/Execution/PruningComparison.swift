import Engine
import NeuralNetworks
import NumericCore

/// A network before and after pruning, measured on the same samples.
package struct PruningComparison: Sendable {
  /// What the two are measured against.
  package enum Standard: Sendable {
    /// The targets of the samples.
    case targets
    /// Without targets, the answers that the network gave before.
    case ownAnswers
  }

  /// Where the samples come from, for people.
  package let source: String
  package let standard: Standard
  /// What its loss is called.
  package let lossName: String
  package let before: Metrics
  package let after: Metrics

  /// Outputs of the network; of one, two classes.
  package let outputs: Int

  /// How pruning has ruined the network; nil where it has not.
  package var collapse: PruningCollapse? {
    PruningCollapse(
      from: before, to: after, outputs: outputs, againstTargets: standard == .targets)
  }
}

extension PruningComparison {
  /// Measures `after`, which `before` has become, on `samples`.
  init(
    of before: ModelState, _ after: ModelState, on samples: ModelSamples, loss: Loss,
    called name: String, pool: WorkerPool
  ) {
    let set = samples.hasTargets ? samples.samples : before.network.answers(samples, loss, pool)
    let evaluator = Evaluator(
      samples: set, loss: loss, targetScaling: before.targetScaling, pool: pool)
    source = samples.source
    outputs = before.network.outputs
    standard = samples.hasTargets ? .targets : .ownAnswers
    lossName = name
    let names = before.interface?.targets.map(\.name) ?? []
    self.before = evaluator.metrics(of: before.network).naming(names)
    self.after = evaluator.metrics(of: after.network).naming(names)
  }
}

extension Network {
  /// `samples` with what the network makes of them as targets: classes where `loss` is for such.
  fileprivate func answers(_ samples: ModelSamples, _ loss: Loss, _ pool: WorkerPool) -> SampleSet {
    let inputs = samples.samples.inputs
    let outputs = Predictor(self, pool: pool).outputs(for: inputs)
    let targets: SampleSet.Targets
    switch loss {
    case .crossEntropy, .binaryCrossEntropy:
      targets = .labels(
        (0..<outputs.rows).map { row in
          if outputs.columns == 1 { return outputs[row, 0] > 0 ? 1 : 0 }
          var best = 0
          for column in 1..<outputs.columns where outputs[row, column] > outputs[row, best] {
            best = column
          }
          return Int32(best)
        })
    case .meanSquared, .meanAbsolute, .huber: targets = .values(outputs)
    }
    return SampleSet(inputs: inputs, targets: targets, indices: samples.samples.indices)
  }
}
