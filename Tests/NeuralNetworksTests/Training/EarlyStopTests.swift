import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Early stopping")
struct EarlyStopTests {
  /// y = w x with the training target 1 at x = 1 and a validation target of 0.3: from w = 0, w rises
  /// towards 1 by a tenth of what is left, so validation is best after epoch 3 (w = 0.271).
  static func run(
    patience: Int, restoreBest: Bool, epochs: Int = 20, rate: Double = 0.025,
    validationTarget: Float = 0.3, progress: TrainingProgress? = nil, state: ModelState? = nil
  ) -> TrainingRun {
    func sample(_ target: Float) -> SampleSet {
      SampleSet(
        inputs: Matrix(rows: 1, columns: 1, repeating: 1),
        targets: .values(Matrix(rows: 1, columns: 1, repeating: target)))
    }
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 1), bias: [0], activation: .identity)
    ])
    // The gradient 2(y − t) goes to the weight and to the bias: a rate of 1/40 each.
    return TrainingRun(
      state: state ?? ModelState(network: network), progress: progress ?? TrainingProgress(),
      settings: TrainingSettings(
        epochs: epochs, batch: 1, loss: .meanSquared,
        optimizer: .sgd(Optimizer.SGD(learningRate: rate)),
        earlyStop: EarlyStop(patience: patience, restoreBest: restoreBest)),
      orderSeed: 1, training: sample(1), validation: sample(validationTarget),
      pool: WorkerPool(threadCount: 1))
  }

  static func output(_ network: Network) -> Double {
    Double(network.layers[0].weights[0, 0] + network.layers[0].bias[0])
  }

  @Test("Training ends `patience` epochs after the best one", arguments: [1, 2, 5])
  func patience(patience: Int) throws {
    let run = Self.run(patience: patience, restoreBest: true)
    while !run.isFinished { _ = try run.step() }
    #expect(run.progress.epoch == 3 + patience)
    #expect(run.progress.best?.epoch == 3 && run.progress.epochsSinceBest == patience)
    #expect(abs(run.progress.best!.validationLoss - 0.029 * 0.029) < 1e-6)
  }

  @Test("An improvement after worse epochs starts the count anew")
  func recovery() throws {
    // The error changes sign every epoch and shrinks by a tenth: y = 1.9, 0.19, 1.729, 0.344, 1.590,
    // 0.469, 1.478, 0.570. Validation at 0.5 improves in epochs 2, 4 and 6 only.
    let run = Self.run(patience: 2, restoreBest: true, rate: 0.475, validationTarget: 0.5)
    var worse: [Int] = []
    while !run.isFinished {
      _ = try run.step()
      worse.append(run.progress.epochsSinceBest)
    }
    #expect(worse == [0, 0, 1, 0, 1, 0, 1, 2])
    #expect(run.progress.best?.epoch == 6)
    #expect(abs(Self.output(run.result.network) - 0.468559) < 1e-5)
  }

  @Test("The result is the best epoch's network when that is restored")
  func restored() throws {
    let run = Self.run(patience: 2, restoreBest: true)
    while !run.isFinished { _ = try run.step() }
    #expect(abs(Self.output(run.result.network) - 0.271) < 1e-6)
    #expect(abs(Self.output(run.state.network) - 0.40951) < 1e-6)
  }

  @Test("The result is the last epoch's network when none is restored")
  func lastOne() throws {
    let run = Self.run(patience: 2, restoreBest: false)
    while !run.isFinished { _ = try run.step() }
    #expect(run.progress.best?.network == nil)
    #expect(abs(Self.output(run.result.network) - 0.40951) < 1e-6)
  }

  @Test("With fewer epochs than it would take, all epochs are run")
  func epochsFirst() throws {
    let run = Self.run(patience: 9, restoreBest: true, epochs: 5)
    while !run.isFinished { _ = try run.step() }
    #expect(run.progress.epoch == 5)
    #expect(abs(Self.output(run.result.network) - 0.271) < 1e-6)
  }

  @Test("A run rebuilt after any epoch stops at the same place with the same result")
  func continued() throws {
    let whole = Self.run(patience: 2, restoreBest: true)
    while !whole.isFinished { _ = try whole.step() }
    for stop in 0...5 {
      let first = Self.run(patience: 2, restoreBest: true)
      for _ in 0..<stop { _ = try first.step() }
      let second = Self.run(
        patience: 2, restoreBest: true, progress: first.progress, state: first.state)
      while !second.isFinished { _ = try second.step() }
      #expect(second.progress == whole.progress)
      #expect(second.result.bits == whole.result.bits)
    }
  }
}
