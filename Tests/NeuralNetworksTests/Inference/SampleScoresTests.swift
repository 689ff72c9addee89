import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Scores of samples") struct SampleScoresTests {
  /// Sums of losses in another order, relative.
  private static let tolerance = 1e-6

  @Test(
    "their mean is the loss, and their share of right ones the accuracy",
    arguments: [1, 15, 16, 17, 511, 512, 513])
  func means(count: Int) {
    let network = NetworkFixture.network([3, 4, 5], activation: .tanh)
    let samples = NetworkFixture.samples(count, inputs: 3, outputs: 5, labels: true)
    for loss in [Loss.crossEntropy(), .crossEntropy(labelSmoothing: 0.2), .meanSquared] {
      let evaluator = Evaluator(samples: samples, loss: loss, pool: WorkerPool(threadCount: 2))
      let (metrics, scores) = (evaluator.metrics(of: network), evaluator.scores(of: network))
      #expect(scores.losses.count == count && scores.isCorrect.count == count)
      let mean = scores.losses.reduce(0, +) / Double(count)
      #expect(abs(mean - metrics.loss) <= Self.tolerance * abs(metrics.loss))
      #expect(
        Double(scores.isCorrect.count { $0 }) / Double(count) == metrics.accuracy)
    }
  }

  @Test("values have the loss of training, and no class")
  func values() {
    let network = NetworkFixture.network([3, 4, 2], activation: .tanh)
    let samples = NetworkFixture.samples(40, inputs: 3, outputs: 2, labels: false)
    let scaling = AffineScaling(shift: [10, -3], scale: [0.5, 2])
    let evaluator = Evaluator(
      samples: samples, loss: .meanAbsolute, targetScaling: scaling,
      pool: WorkerPool(threadCount: 1))
    let scores = evaluator.scores(of: network)
    #expect(scores.isCorrect.isEmpty)
    let mean = scores.losses.reduce(0, +) / 40
    let expected = evaluator.metrics(of: network).loss
    #expect(abs(mean - expected) <= Self.tolerance * expected)
  }

  @Test("each score is that of its sample alone, whatever stands beside it")
  func order() {
    let network = NetworkFixture.network([3, 4, 5], activation: .relu)
    let samples = NetworkFixture.samples(20, inputs: 3, outputs: 5, labels: true)
    let pool = WorkerPool(threadCount: 1)
    func scores(_ indices: [Int32]) -> SampleScores {
      let part = SampleSet(
        inputs: samples.inputs, targets: samples.targets, indices: indices)
      return Evaluator(samples: part, loss: .crossEntropy(), pool: pool).scores(of: network)
    }
    let forward = scores(Array(0..<20))
    let backward = scores((0..<20).reversed())
    #expect(backward.isCorrect == forward.isCorrect.reversed())
    for (one, other) in zip(backward.losses, forward.losses.reversed()) {
      #expect(abs(one - other) <= Self.tolerance * abs(other))
    }
  }
}
