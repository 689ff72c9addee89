import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Gradients of the loss by weights")
struct LossGradientTests {
  private let pool = WorkerPool(threadCount: 2)

  private static let losses: [Loss] = [
    .crossEntropy(), .crossEntropy(labelSmoothing: 0.2), .meanSquared, .huber(),
    .binaryCrossEntropy,
  ]

  private func network(_ sizes: [Int]) -> Network {
    var random = SeededGenerator(seed: 6)
    return Network(
      layers: zip(sizes, sizes.dropFirst()).enumerated().map { index, widths in
        let (inputs, outputs) = widths
        let isLast = index == sizes.count - 2
        return DenseLayer(
          name: Network.layerName(index, of: sizes.count - 1),
          weights: Matrix(rows: outputs, columns: inputs, random.floats(outputs * inputs)),
          bias: random.floats(outputs), activation: isLast ? .identity : .tanh)
      })
  }

  @Test(
    "are how the mean loss changes with a weight, over whole and partial blocks of samples",
    arguments: losses.indices, [3, 700])
  func differences(index: Int, samples count: Int) {
    let loss = Self.losses[index]
    let network = network([4, 5, 3])
    var random = SeededGenerator(seed: 7)
    let inputs = Matrix(rows: count, columns: 4, random.floats(count * 4))
    let targets: SampleSet.Targets =
      loss.usesClassLabels
      ? .labels(random.integers(count, below: 3).map { Int32($0) })
      : .values(Matrix(rows: count, columns: 3, random.floats(count * 3).map { abs($0) }))
    let samples = SampleSet(inputs: inputs, targets: targets)
    let gradients = LossGradient.weights(of: network, on: samples, loss: loss, pool: pool)
    let evaluator = Evaluator(samples: samples, loss: loss, pool: pool)
    for (layer, row, column) in [(0, 0, 0), (0, 4, 3), (1, 2, 1)] {
      let expected = centralDifference(
        at: Double(network.layers[layer].weights[row, column]), step: 1e-2
      ) { weight in
        var moved = network
        moved.layers[layer].weights[row, column] = Float(weight)
        return evaluator.metrics(of: moved).loss
      }
      // The step is wide because outputs are Float32: its square times a third derivative, and roundings.
      #expect(abs(Double(gradients[layer][row, column]) - expected) < 1e-3)
    }
    #expect(gradients.map(\.rows) == [5, 3] && gradients.map(\.columns) == [4, 5])
  }

  @Test("are the same bits for any number of threads")
  func threads() {
    let network = network([30, 40, 10])
    var random = SeededGenerator(seed: 7)
    let samples = SampleSet(
      inputs: Matrix(rows: 600, columns: 30, random.floats(600 * 30)),
      targets: .labels(random.integers(600, below: 10).map { Int32($0) }))
    let results = [1, 3].map {
      LossGradient.weights(
        of: network, on: samples, loss: .crossEntropy(), pool: WorkerPool(threadCount: $0))
    }
    #expect(results[0] == results[1])
  }
}
