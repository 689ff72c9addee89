import Engine
import Glibc
import NeuralNetworks
import NumericCore
import TestSupport
import Synchronization
import Testing

@Suite("Passes over samples that ranks share")
struct SharedPassTests {
  static let network = NetworkFixture.network(
    [37, 140, 70, 5], activation: .gelu, removing: 0.6)
  /// More than a chunk of the statistics, and more than a block of an evaluation.
  static let samples = NetworkFixture.samples(1337, inputs: 37, outputs: 5, labels: true)

  /// Calls `body` on the first of `size` ranks, with a pool that the others work with.
  ///
  /// - Parameter sharing: what is divided.
  /// - Returns: what it comes to, the bytes that all ranks have received, and those of the largest span that they had
  ///   between them.
  static func onRanks<Result: Sendable>(
    _ size: Int, _ sharing: StepSharing = .samplesAndRows,
    _ body: @escaping @Sendable (WorkerPool) -> Result
  ) -> (result: Result?, received: Int, largestSpan: Int) {
    let results = ThreadRanks.run(size) { collective -> (Result?, Int, Int) in
      if collective.isFirst {
        let group = RankGroup(collective, demanded: sharing)
        let result = body(WorkerPool(threadCount: 2).joined(to: group))
        group.end()
        return (result, collective.received, collective.largestSpan)
      }
      let follower = RankFollower(collective) { _ in WorkerPool(threadCount: 1) }
      try? follower.serve()
      return (nil, collective.received, collective.largestSpan)
    }
    return (results[0].0, results.reduce(0) { $0 + $1.1 }, results[0].2)
  }

  /// Importances and shifts of all layers, and covariances of their inputs, as bits.
  static func statistics(
    _ weighting: OutputWeighting, probes: OutputProbes?, pool: WorkerPool
  ) -> [[UInt64]] {
    let layers = network.layers
    let (sums, covariances) = StatisticsSums.measure(
      layers, weighting: weighting, probes: probes, covariancesOf: [1, 2], on: samples, pool: pool)
    let eliminations = layers.indices.flatMap { index in
      let (importance, shift) = sums.elimination(
        index, weights: layers[index].weights, pool: WorkerPool(threadCount: 1))
      return [importance, shift].map { matrix in
        matrix.withElements { $0.map { UInt64($0.bitPattern) } }
      }
    }
    return eliminations + covariances.map { ($0.mean + $0.matrix).map(\.bitPattern) }
  }

  @Test(
    "Statistics and covariances of any number of ranks are those of one, under every weighting",
    arguments: [OutputWeighting.none, .euclidean, .logistic, .softmax])
  func statistics(weighting: OutputWeighting) {
    for probes in [nil, OutputProbes(count: 2, seed: 5)] where probes == nil || weighting != .none {
      let alone = Self.statistics(weighting, probes: probes, pool: WorkerPool(threadCount: 1))
      #expect(alone.count == 8)
      for size in 1...4 {
        let shared = Self.onRanks(size) { Self.statistics(weighting, probes: probes, pool: $0) }
        #expect(shared.result == alone, "\(size) ranks")
      }
    }
  }

  private static func bits(_ moments: RefitMoments) -> [UInt64] {
    (moments.cross + moments.covariance.matrix + moments.targetMean + moments.targetVariance)
      .map(\.bitPattern)
  }

  @Test("What a layer is refitted from is the same on any number of ranks", arguments: 2...4)
  func refit(size: Int) {
    let changed = NetworkFixture.network(
      [37, 140, 70, 5], activation: .gelu, removing: 0.8, seed: 4)
    let pool = WorkerPool(threadCount: 1)
    let targets = TargetActivations(
      of: Self.network.layers, data: Self.samples.inputs, rows: Self.samples.indices, pool: pool)
    for layer in 1...2 {
      let below = Array(changed.layers[..<layer])
      let alone = Self.bits(targets.moments(above: below, pool: pool))
      let shared = Self.onRanks(size) { pool in
        Self.bits(targets.moments(above: below, on: Self.samples, pool: pool))
      }
      #expect(shared.result == alone, "layer \(layer)")
    }
  }

  /// The answers to rows of which some keep the same inputs, as bits.
  private static func fits(keeping share: Float, pool: WorkerPool) -> [[UInt64]] {
    let layer = network.layers[1]
    let covariance = StatisticsSums.measure(
      network.layers, weighting: .none, covariancesOf: [1], on: samples,
      pool: WorkerPool(threadCount: 1)
    ).covariances[0]
    let regression = RidgeRegression(
      RefitMoments(of: layer, on: covariance, pool: WorkerPool(threadCount: 1)), share: 0.01)
    var random = SeededGenerator(seed: 8)
    let rows = (0..<layer.outputs).map { unit -> RidgeRegression.Row in
      let draws = random.floats(layer.inputs)
      let kept =
        unit % 5 == 0
        ? Array(0..<40) : draws.indices.filter { abs(draws[$0]) < share || $0 == unit }
      return RidgeRegression.Row(
        unit: unit, kept: kept, weights: kept.map { layer.weights[unit, $0] })
    }
    return regression.sharedFits(of: rows, pool: pool).map { fit in
      fit.weights.map { UInt64($0.bitPattern) }
        + [fit.errors.former.bitPattern, fit.errors.fitted.bitPattern]
    }
  }

  @Test(
    "Regressions of a layer's rows give the same, whether by the inverse of all inputs' matrix or not",
    arguments: [0.2, 0.97] as [Float])
  func regressions(share: Float) {
    let alone = Self.fits(keeping: share, pool: WorkerPool(threadCount: 1))
    #expect(alone.count == 70)
    for size in 1...4 {
      let shared = Self.onRanks(size) { Self.fits(keeping: share, pool: $0) }
      #expect(shared.result == alone, "\(size) ranks")
    }
  }

  @Test(
    "So are metrics, scores and counts of classes, with fewer blocks than ranks too",
    arguments: [33, 1337])
  func evaluation(count: Int) {
    for labels in [true, false] {
      let samples = NetworkFixture.samples(count, inputs: 37, outputs: 5, labels: labels, seed: 8)
      let loss: Loss = labels ? .crossEntropy() : .meanSquared
      let alone = Evaluator(samples: samples, loss: loss, pool: WorkerPool(threadCount: 1))
      for size in [2, 4] {
        let shared = Self.onRanks(size) { pool in
          let evaluator = Evaluator(samples: samples, loss: loss, pool: pool)
          return (
            evaluator.metrics(of: Self.network), evaluator.scores(of: Self.network),
            evaluator.classCounts(of: Self.network)
          )
        }
        #expect(shared.result?.0 == alone.metrics(of: Self.network))
        #expect(shared.result?.1 == alone.scores(of: Self.network))
        #expect(shared.result?.2 == alone.classCounts(of: Self.network))
      }
    }
  }

  /// What each epoch of a training measures.
  private static func reports(_ pool: WorkerPool, _ ranks: RankGroup?) -> [Metrics?] {
    let run = TrainingRun(
      state: ModelState(network: network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 2, batch: 300, loss: .crossEntropy(),
        optimizer: .adam(Optimizer.Adam(learningRate: 0.002))),
      orderSeed: 3, training: samples,
      validation: NetworkFixture.samples(600, inputs: 37, outputs: 5, labels: true, seed: 9),
      pool: pool, ranks: ranks)
    var reports: [Metrics?] = []
    while !run.isFinished {
      if let report = try? run.step() { reports.append(report.validation) }
    }
    return reports
  }

  @Test("After an epoch that ranks have shared, the metrics are those of one")
  func validation() {
    let alone = Self.reports(WorkerPool(threadCount: 1), nil)
    #expect(alone.count == 2)
    // The group is what the pool's ranks are.
    let shared = Self.onRanks(3) { pool in Self.reports(pool, pool.peers as? RankGroup) }
    #expect(shared.result == alone)
  }

  /// Value, gradient and a product of a fit, before and after its parameters are others, as bits.
  private static func fit(_ objective: OutputObjective, pool: WorkerPool) -> [[UInt64]] {
    let before = NetworkFixture.network([37, 140, 70, 5], activation: .gelu, seed: 6)
    let fit = OutputFit(
      network, toward: before, objective: objective, mostSamples: samples.count, pool: pool)
    var results: [[UInt64]] = []
    for round in 0..<2 {
      let (value, gradient) = fit.gradient(on: samples)
      results.append(([value, fit.value(on: samples)] + gradient).map(\.bitPattern))
      results.append(fit.product(with: gradient, on: samples).map(\.bitPattern))
      if round == 0 {
        fit.parameters = zip(fit.parameters, gradient).map { $0 - 0.01 * $1 }
      }
    }
    return results
  }

  @Test("A fit has the same value, gradient and curvature", arguments: [0, 0.5, 1])
  func fit(labelShare: Double) {
    let objective = OutputObjective(loss: .crossEntropy(), labelShare: labelShare)
    let alone = Self.fit(objective, pool: WorkerPool(threadCount: 1))
    for size in 2...4 {
      let shared = Self.onRanks(size) { Self.fit(objective, pool: $0) }
      #expect(shared.result == alone, "\(size) ranks")
    }
  }

  @Test("A pass that is given up ends on all ranks, and the next one is right")
  func interruption() {
    let alone = Self.statistics(.softmax, probes: nil, pool: WorkerPool(threadCount: 1))
    let shared = Self.onRanks(3) { pool -> [[UInt64]] in
      let stopped = pool.interruptible { true }
      _ = Self.statistics(.softmax, probes: nil, pool: stopped)
      #expect(stopped.isAbandoned)
      return Self.statistics(.softmax, probes: nil, pool: pool)
    }
    #expect(shared.result == alone)
  }

  @Test("The bytes that ranks receive are those of the model within 5 %", arguments: [2, 3])
  func bytes(size: Int) {
    let network = Self.network
    let shape = PassShape.statistics(
      widths: network.widths, weights: network.remaining, samples: Self.samples.count, passes: 5,
      covariances: [])
    func counted(_ times: Int) -> (received: Int, largestSpan: Int) {
      let counted = Self.onRanks(size) { pool in
        for _ in 0..<times {
          _ = StatisticsSums.measure(
            network.layers, weighting: .softmax, on: Self.samples, pool: pool)
        }
      }
      return (counted.received, counted.largestSpan)
    }
    func expectNear(_ counted: Int, _ model: Int) {
      #expect(abs(Double(counted - model)) < 0.05 * Double(model), "\(counted), \(model)")
    }
    // Data are sent once.
    let (once, twice) = (counted(1), counted(2))
    expectNear(twice.received - once.received, shape.received(ranks: size))
    // A chunk of samples is sent at a time.
    expectNear(once.largestSpan, shape.largestSpan)
  }

  @Test(
    "What statistics send lies on a straight line through 1,024 and 4,096 samples, however many there are"
  )
  func growth() {
    func received(_ count: Int) -> Double {
      let samples = NetworkFixture.samples(count, inputs: 37, outputs: 5, labels: true)
      let counted = Self.onRanks(2) { pool in
        _ = StatisticsSums.measure(
          Self.network.layers, weighting: .softmax, on: samples, pool: pool)
      }
      return Double(counted.received)
    }
    let (small, large) = (received(1024), received(4096))
    let line = large + (large - small) * Double(9000 - 4096) / Double(4096 - 1024)
    #expect(abs(received(9000) - line) < 0.01 * line)
  }

  @Test("Nobody but the thread that has ranks calls on them")
  func otherThreads() {
    let (there, elsewhere) =
      Self.onRanks(2) { pool in
        let seen = Mutex(true)
        let task = BackgroundTasks(count: 1, threads: 1) { _ in
          let isAsked = pool.peers != nil
          seen.withLock { $0 = isAsked }
        }
        // Whoever waits by finish may take the task itself.
        while !task.isDone { usleep(1000) }
        task.finish()
        return (pool.peers != nil, seen.withLock { $0 })
      }.result ?? (false, true)
    #expect(there)
    #expect(!elsewhere)
  }
}
