import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("TrainingRun")
struct TrainingRunTests {
  @Test(
    "An epoch has as many steps as it takes to see every sample once",
    arguments: [(1, 1, 1), (16, 16, 1), (17, 16, 2), (23, 5, 5), (5, 64, 1)])
  func steps(count: Int, batch: Int, steps: Int) throws {
    let run = Self.run(count: count, epochs: 2, batch: batch)
    #expect(run.stepsPerEpoch == steps)
    for epoch in 1...2 {
      for step in 1..<max(steps, 1) {
        #expect(try run.step() == nil)
        #expect(run.progress.epoch == epoch - 1 && run.progress.stepInEpoch == step)
      }
      let report = try #require(try run.step())
      #expect(report.epoch == epoch && run.progress.epoch == epoch)
      #expect(run.progress.stepInEpoch == 0 && run.progress.lossSum == 0)
      #expect(run.progress.lastEpochLoss == report.trainingLoss)
    }
    #expect(run.isFinished)
    #expect(run.state.optimizer?.steps == 2 * steps)
  }

  @Test("Training lowers the loss, and the reports carry the validation's metrics")
  func learns() throws {
    let samples = NetworkFixture.samples(40, inputs: 6, outputs: 3, labels: true)
    let run = Self.run(count: 40, epochs: 30, batch: 16, validation: samples)
    var reports: [EpochReport] = []
    while !run.isFinished { if let report = try run.step() { reports.append(report) } }
    #expect(reports.count == 30)
    #expect(reports[29].trainingLoss < 0.8 * reports[0].trainingLoss)
    let metrics = Evaluator(
      samples: samples, loss: .crossEntropy(), pool: WorkerPool(threadCount: 1)
    ).metrics(of: run.state.network)
    #expect(reports[29].validation == metrics)
  }

  @Test("An epoch's loss is the mean over samples, partial batches weighed by their size")
  func epochLoss() throws {
    // With a rate of almost nothing every batch sees the same weights.
    let run = Self.run(
      count: 23, epochs: 1, batch: 5, optimizer: .sgd(Optimizer.SGD(learningRate: 1e-30)))
    let expected = ReferenceNetwork(run.state.network).loss(
      .crossEntropy(), over: NetworkFixture.samples(23, inputs: 6, outputs: 3, labels: true))
    var report: EpochReport?
    while !run.isFinished { report = try run.step() }
    #expect(abs(report!.trainingLoss - expected) < 1e-6)
  }

  @Test("The order of samples differs from epoch to epoch and from seed to seed")
  func order() throws {
    func firstLosses(seed: UInt64) throws -> [Double] {
      let run = Self.run(
        count: 40, epochs: 3, batch: 8, optimizer: .sgd(Optimizer.SGD(learningRate: 1e-30)),
        orderSeed: seed)
      var losses: [Double] = []
      while !run.isFinished {
        _ = try run.step()
        if run.progress.stepInEpoch == 1 { losses.append(run.progress.lossSum) }
      }
      return losses
    }
    let losses = try firstLosses(seed: 1) + firstLosses(seed: 2)
    #expect(Set(losses).count == 6)
    #expect(try firstLosses(seed: 1) == Array(losses[..<3]))
  }

  @Test("The schedule's rates are those of the steps over the whole stage")
  func rates() throws {
    let schedule = LearningRateSchedule(decay: .linear(to: 0.001), warmupSteps: 2)
    let run = Self.run(count: 20, epochs: 3, batch: 8, schedule: schedule)
    var rates: [Double] = []
    while !run.isFinished { if let report = try run.step() { rates.append(report.learningRate) } }
    let expected = [2, 5, 8].map {
      schedule.rate(step: $0, totalSteps: 9, stepsPerEpoch: 3, base: 0.01)
    }
    #expect(rates == expected)
  }

  @Test("What is not trained is handed on: scalings and classes")
  func rest() throws {
    let scaling = AffineScaling(shift: Array(repeating: 1, count: 6), scale: [1, 2, 3, 4, 5, 6])
    let state = ModelState(
      network: NetworkFixture.network([6, 9, 3], activation: .relu), inputScaling: scaling,
      classes: ["a", "b", "c"])
    let run = Self.run(state: state, count: 5, epochs: 1, batch: 5)
    _ = try run.step()
    #expect(run.state.inputScaling == scaling && run.result.classes == ["a", "b", "c"])
  }

  static func run(
    state: ModelState? = nil, count: Int, epochs: Int, batch: Int,
    optimizer: Optimizer = .adam(Optimizer.Adam(learningRate: 0.01)),
    schedule: LearningRateSchedule = LearningRateSchedule(), orderSeed: UInt64 = 5,
    validation: SampleSet? = nil
  ) -> TrainingRun {
    TrainingRun(
      state: state
        ?? ModelState(network: NetworkFixture.network([6, 9, 3], activation: .relu)),
      progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: epochs, batch: batch, loss: .crossEntropy(), optimizer: optimizer,
        schedule: schedule),
      orderSeed: orderSeed,
      training: NetworkFixture.samples(count, inputs: 6, outputs: 3, labels: true),
      validation: validation, pool: WorkerPool(threadCount: 1))
  }
}
