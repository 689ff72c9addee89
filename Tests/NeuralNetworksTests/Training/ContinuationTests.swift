import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Stopping and going on")
struct ContinuationTests {
  static let optimizers = SameBitsTests.optimizers
  /// 23 samples in batches of 5 are 5 steps an epoch, 20 in all; the fifth has 3 samples.
  static let steps = 20

  @Test(
    "A run stopped after any step and rebuilt ends in the same bits", arguments: optimizers,
    [nil, 0.5] as [Double?])
  func onceAnywhere(optimizer: Optimizer, clipNorm: Double?) throws {
    let whole = try Self.train(optimizer, clipNorm: clipNorm, stops: [])
    for stop in 0...Self.steps {
      let parts = try Self.train(optimizer, clipNorm: clipNorm, stops: [stop])
      #expect(parts.bits == whole.bits, "stopped after step \(stop)")
      #expect(parts.progress == whole.progress)
    }
  }

  @Test(
    "So does one stopped several times: at once again, at epoch borders, in the last epoch",
    arguments: optimizers, [[1, 2], [3, 3], [5, 10, 15], [4, 6, 17, 19], Array(0...20)])
  func severalTimes(optimizer: Optimizer, stops: [Int]) throws {
    let whole = try Self.train(optimizer, clipNorm: nil, stops: [])
    let parts = try Self.train(optimizer, clipNorm: nil, stops: stops)
    #expect(parts.bits == whole.bits)
    #expect(parts.progress == whole.progress)
    #expect(parts.reports == whole.reports)
  }

  @Test("So does one with dropout, which depends on the step alone")
  func dropout() throws {
    let whole = try Self.train(Self.optimizers[0], clipNorm: nil, dropout: [0.5, 0.2], stops: [])
    for stop in 0...Self.steps {
      let parts = try Self.train(
        Self.optimizers[0], clipNorm: nil, dropout: [0.5, 0.2], stops: [stop])
      #expect(parts.bits == whole.bits, "stopped after step \(stop)")
      #expect(parts.reports == whole.reports)
    }
    let without = try Self.train(Self.optimizers[0], clipNorm: nil, stops: [])
    #expect(without.bits != whole.bits)
  }

  @Test("A run that forgot its moments or its place would not end in the same bits")
  func sensitivity() throws {
    let optimizer = Self.optimizers[0]
    let whole = try Self.train(optimizer, clipNorm: nil, stops: [])
    let forgetful = Self.run(optimizer, clipNorm: nil, threads: 1)
    for _ in 0..<7 { _ = try forgetful.step() }
    var state = forgetful.state
    state.optimizer = nil
    let rebuilt = Self.run(
      optimizer, clipNorm: nil, threads: 1, state: state, progress: forgetful.progress)
    while !rebuilt.isFinished { _ = try rebuilt.step() }
    #expect(rebuilt.state.bits != whole.bits)
  }

  /// Trains to the end, rebuilding the run from its state and progress after each of `stops` steps,
  /// on another number of threads each time.
  private static func train(
    _ optimizer: Optimizer, clipNorm: Double?, dropout: [Double] = [], stops: [Int]
  ) throws -> (bits: [[UInt32]], progress: TrainingProgress, reports: [EpochReport]) {
    var run = run(optimizer, clipNorm: clipNorm, dropout: dropout, threads: 1)
    var reports: [EpochReport] = []
    var taken = 0
    for (turn, stop) in stops.enumerated() {
      while taken < stop {
        if let report = try run.step() { reports.append(report) }
        taken += 1
      }
      run = Self.run(
        optimizer, clipNorm: clipNorm, dropout: dropout, threads: 1 + turn % 3, state: run.state,
        progress: run.progress)
    }
    while !run.isFinished { if let report = try run.step() { reports.append(report) } }
    return (run.result.bits, run.progress, reports)
  }

  private static func run(
    _ optimizer: Optimizer, clipNorm: Double?, dropout: [Double] = [], threads: Int,
    state: ModelState? = nil,
    progress: TrainingProgress = TrainingProgress()
  ) -> TrainingRun {
    let network = NetworkFixture.network([6, 9, 5, 3], activation: .prelu, removing: 0.3)
    return TrainingRun(
      state: state ?? ModelState(network: network), progress: progress,
      settings: TrainingSettings(
        epochs: 4, batch: 5, loss: .crossEntropy(), optimizer: optimizer,
        schedule: LearningRateSchedule(decay: .cosine(to: 0.0001), warmupSteps: 3),
        clipNorm: clipNorm, earlyStop: EarlyStop(patience: 3), dropout: dropout),
      orderSeed: 8, training: NetworkFixture.samples(23, inputs: 6, outputs: 3, labels: true),
      validation: NetworkFixture.samples(11, inputs: 6, outputs: 3, labels: true, seed: 3),
      pool: WorkerPool(threadCount: threads))
  }
}
