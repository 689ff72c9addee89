import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Evaluation with dropout")
struct DropoutEvaluatorTests {
  /// More than a block of samples.
  private static let samples = NetworkFixture.samples(600, inputs: 9, outputs: 4, labels: true)

  private static func losses(
    _ network: Network, rates: [Double], draws: Int = 3, seed: UInt64 = 1, threads: Int = 1
  ) -> [Double] {
    DropoutEvaluator(
      samples: samples, loss: .crossEntropy(), seed: seed, pool: WorkerPool(threadCount: threads)
    ).losses(of: network, rates: rates, draws: draws)
  }

  @Test("With no unit left out every draw is the loss of the whole network")
  func whole() {
    let network = NetworkFixture.network([9, 20, 13, 4], activation: .gelu, removing: 0.5)
    let loss = Evaluator(
      samples: Self.samples, loss: .crossEntropy(), pool: WorkerPool(threadCount: 1)
    ).metrics(of: network).loss
    // Float32 sums in another order.
    for own in Self.losses(network, rates: [0, 0]) { #expect(abs(own - loss) < 1e-6 * loss) }
  }

  @Test("Draws differ, the same draw has the same bits, on any number of threads")
  func draws() {
    let network = NetworkFixture.network([9, 20, 13, 4], activation: .relu)
    let losses = Self.losses(network, rates: [0.5, 0.2], draws: 4)
    #expect(Set(losses).count == 4)
    #expect(Self.losses(network, rates: [0.5, 0.2], draws: 2) == Array(losses[..<2]))
    #expect(Self.losses(network, rates: [0.5, 0.2], draws: 4, threads: 3) == losses)
    #expect(
      Set(Self.losses(network, rates: [0.5, 0.2], draws: 4, seed: 2)).isDisjoint(with: losses))
  }

  @Test("More units left out cost a network that has learned more")
  func rates() throws {
    let network = NetworkFixture.network([9, 40, 4], activation: .relu)
    let run = TrainingRun(
      state: ModelState(network: network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 20, batch: 32, loss: .crossEntropy(),
        optimizer: .adam(Optimizer.Adam(learningRate: 0.01))),
      orderSeed: 1, training: Self.samples, validation: nil, pool: WorkerPool(threadCount: 1))
    while !run.isFinished { _ = try run.step() }
    let means = [0, 0.3, 0.8].map { rate in
      Self.losses(run.state.network, rates: [rate], draws: 8).reduce(0, +) / 8
    }
    #expect(means[0] < means[1] && means[1] < means[2])
  }
}
