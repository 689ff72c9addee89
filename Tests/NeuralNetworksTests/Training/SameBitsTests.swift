import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Same bits on any number of threads")
struct SameBitsTests {
  static let optimizers: [Optimizer] = [
    .adam(Optimizer.Adam(learningRate: 0.002)),
    .sgd(Optimizer.SGD(learningRate: 0.05, momentum: 0.9)),
  ]

  @Test(
    "Odd sizes and a last partial batch: every weight, bias, slope and moment is the same",
    arguments: optimizers, [nil, 0.5] as [Double?])
  func training(optimizer: Optimizer, clipNorm: Double?) throws {
    // Large enough for several tasks in every pass; the last layer is a single one.
    #expect(RowTasks(rows: 301, operationsPerRow: 2 * 517 * 64).count > 8)
    #expect(RowTasks(rows: 203, operationsPerRow: 2 * 301 * 64).count > 8)
    let network = NetworkFixture.network([517, 301, 203, 7], activation: .prelu, removing: 0.4)
    let samples = NetworkFixture.samples(78, inputs: 517, outputs: 7, labels: true)
    let validation = NetworkFixture.samples(33, inputs: 517, outputs: 7, labels: true, seed: 9)

    func train(threads: Int) throws -> (bits: [[UInt32]], reports: [EpochReport]) {
      let run = TrainingRun(
        state: ModelState(network: network), progress: TrainingProgress(),
        settings: TrainingSettings(
          epochs: 2, batch: 61, loss: .crossEntropy(labelSmoothing: 0.1), optimizer: optimizer,
          clipNorm: clipNorm),
        orderSeed: 3, training: samples, validation: validation,
        pool: WorkerPool(threadCount: threads))
      var reports: [EpochReport] = []
      while !run.isFinished { if let report = try run.step() { reports.append(report) } }
      return (run.state.bits, reports)
    }

    let alone = try train(threads: 1)
    #expect(alone.reports.count == 2)
    #expect(alone.bits != ModelState(network: network).bits)
    for threads in [2, 3, 5] {
      let shared = try train(threads: threads)
      #expect(shared.bits == alone.bits)
      #expect(shared.reports == alone.reports)
    }
  }

  @Test("Short steps that try one thread and all in turn end in the bits of one thread")
  func shortSteps() throws {
    #expect(RowTasks(rows: 130, operationsPerRow: 2 * 65 * 64).count > 1)
    let network = NetworkFixture.network([65, 130, 5], activation: .relu, removing: 0.2)
    let samples = NetworkFixture.samples(130, inputs: 65, outputs: 5, labels: true)

    func train(threads: Int) throws -> [[UInt32]] {
      let run = TrainingRun(
        state: ModelState(network: network), progress: TrainingProgress(),
        settings: TrainingSettings(
          epochs: ThreadChoice.triedPieces, batch: 64, loss: .crossEntropy(),
          optimizer: .adam(Optimizer.Adam(learningRate: 0.002))),
        orderSeed: 3, training: samples, validation: nil, pool: WorkerPool(threadCount: threads))
      // All threads have a third of the steps, one thread the next.
      while !run.isFinished { _ = try run.step() }
      return run.state.bits
    }

    let alone = try train(threads: 1)
    for threads in [2, 3] { #expect(try train(threads: threads) == alone) }
  }
}
