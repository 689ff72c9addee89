import Engine
import NeuralNetworks
import NumericCore

/// Reads gradients out of a real training step: SGD's velocity after its first step is the gradient
/// itself, to the last bit.
enum GradientProbe {
  struct Gradients {
    let layers: [LayerMoments]
    /// The training loss of the step.
    let loss: Double
  }

  /// The gradient of the mean loss over all `samples` as one batch, of a size that may be larger.
  static func gradient(
    of network: Network, loss: Loss, samples: SampleSet, batch: Int? = nil,
    clipNorm: Double? = nil, dropout: [Double] = []
  ) throws -> Gradients {
    let run = TrainingRun(
      state: ModelState(network: network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 1, batch: batch ?? samples.count, loss: loss,
        optimizer: .sgd(Optimizer.SGD(learningRate: 1e-3, momentum: 0.5)), clipNorm: clipNorm,
        dropout: dropout),
      orderSeed: 1, training: samples, validation: nil, pool: WorkerPool(threadCount: 2))
    let report = try run.step()
    return Gradients(layers: run.state.optimizer!.first, loss: report!.trainingLoss)
  }
}

extension [LayerMoments] {
  /// One list, in the order of `ReferenceNetwork.parameters`.
  func flattened(like network: Network) -> [Double] {
    zip(self, network.layers).flatMap { moments, layer in
      moments.weights.elements.map(Double.init) + moments.bias.map(Double.init)
        + (layer.activation == .prelu ? [Double(moments.slope)] : [])
    }
  }
}
