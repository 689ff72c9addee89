import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Training until the loss has recovered") struct RecoveryPointTests {
  /// y = w x + b with the training target 1 and a validation target of 0.3: y is 0.1, 0.19, 0.271,
  /// 0.344, 0.410 after the epochs, and the validation loss 0.04, 0.0121, 0.0008, 0.0019, 0.0120.
  private func run(_ recovery: RecoveryPoint, _ first: TrainingRun? = nil) -> TrainingRun {
    func sample(_ target: Float) -> SampleSet {
      SampleSet(
        inputs: Matrix(rows: 1, columns: 1, repeating: 1),
        targets: .values(Matrix(rows: 1, columns: 1, repeating: target)))
    }
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 1), bias: [0], activation: .identity)
    ])
    return TrainingRun(
      state: first?.state ?? ModelState(network: network),
      progress: first?.progress ?? TrainingProgress(),
      settings: TrainingSettings(
        epochs: 6, batch: 1, loss: .meanSquared,
        optimizer: .sgd(Optimizer.SGD(learningRate: 0.025))),
      orderSeed: 1, training: sample(1), validation: sample(0.3), recovery: recovery,
      pool: WorkerPool(threadCount: 1))
  }

  @Test(
    "ends after the first epoch that is late enough and low enough",
    arguments: [
      (1, 1.0, 1), (1, 0.0122, 2), (1, 0.001, 3), (4, 0.0122, 4), (5, 0.0122, 5), (6, 1, 6),
    ])
  func end(minimum: Int, loss: Double, epochs: Int) throws {
    let run = run(RecoveryPoint(minimumEpochs: minimum, loss: loss))
    while !run.isFinished { _ = try run.step() }
    #expect(run.progress.epoch == epochs && run.hasRecovered)
  }

  @Test("runs all epochs where the loss does not come down, or is too high by then")
  func never() throws {
    for recovery in [
      RecoveryPoint(minimumEpochs: 1, loss: 1e-9), RecoveryPoint(minimumEpochs: 5, loss: 0.002),
    ] {
      let run = run(recovery)
      while !run.isFinished { _ = try run.step() }
      #expect(run.progress.epoch == 6 && !run.hasRecovered)
    }
  }

  @Test("a run rebuilt after any epoch ends at the same place")
  func continued() throws {
    let recovery = RecoveryPoint(minimumEpochs: 2, loss: 0.001)
    let whole = run(recovery)
    while !whole.isFinished { _ = try whole.step() }
    for stop in 0..<3 {
      let first = run(recovery)
      for _ in 0..<stop { _ = try first.step() }
      let second = run(recovery, first)
      while !second.isFinished { _ = try second.step() }
      #expect(second.progress == whole.progress && second.hasRecovered)
    }
  }
}
