import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Inputs that ranks have between them")
struct ShardedInputsTests {
  /// Hands out the inputs of `samples`, as rank 0 does.
  private static func sharded(_ samples: SampleSet, _ pool: WorkerPool) -> SampleSet {
    guard let group = pool.peers as? RankGroup else { return samples }
    return samples.reading(.stored(group.shard(CountedInputs(samples.inputs), pool: pool)))
  }

  /// Some rows of `samples`.
  private static func rows(
    _ samples: SampleSet, where isWanted: (Int32) -> Bool
  ) -> SampleSet {
    SampleSet(
      samples.source, targets: samples.targets, indices: samples.indices.filter(isWanted))
  }

  @Test(
    "Rank 0 reads any rows, however few there are, and reads the file once, in pieces",
    arguments: [
      // 4 MiB have 209 rows of 5,000 numbers.
      (rows: 500, columns: 5000, pieces: [209, 209, 82]), (rows: 10, columns: 3, pieces: [10]),
      (rows: 2, columns: 3, pieces: [2]), (rows: 7, columns: 1, pieces: [7]),
    ], 1...4)
  func reading(_ data: (rows: Int, columns: Int, pieces: [Int]), size: Int) {
    let inputs = NetworkFixture.samples(
      data.rows, inputs: data.columns, outputs: 2, labels: true
    ).inputs
    // All of them from the last on, and one again.
    let wanted = Array((0..<Int32(data.rows)).reversed()) + [1]
    let result = SharedPassTests.onRanks(size) { pool -> (Matrix, [Int])? in
      guard let group = pool.peers as? RankGroup else { return nil }
      let counted = CountedInputs(inputs)
      let sharded = group.shard(counted, pool: pool)
      var target = Matrix(rows: wanted.count + 3, columns: data.columns, repeating: 7)
      sharded.read(wanted[...], into: &target, at: 2, pool: pool)
      sharded.read([], into: &target, at: 0, pool: pool)
      return (target, counted.readings.withLock { $0 })
    }.result
    guard let (target, readings) = result ?? nil else {
      Issue.record("rank 0 has ranks")
      return
    }
    #expect(readings == data.pieces)
    for (place, row) in wanted.enumerated() {
      #expect(target.row(place + 2) == inputs.row(Int(row)))
    }
    for row in [0, 1, target.rows - 1] {
      #expect(target.row(row).allSatisfy { $0 == 7 })
    }
  }

  @Test(
    "Metrics, scores, counts of classes and samples in memory are those of one process",
    arguments: [StepSharing.alone, .samplesAndRows], [33, 1337])
  func evaluation(sharing: StepSharing, count: Int) {
    let whole = NetworkFixture.samples(count, inputs: 37, outputs: 5, labels: true, seed: 8)
    let samples = Self.rows(whole) { $0 % 7 != 3 }
    let network = SharedPassTests.network
    let alone = Evaluator(
      samples: samples, loss: .crossEntropy(), pool: WorkerPool(threadCount: 1))
    for size in 1...4 {
      let result = SharedPassTests.onRanks(size, sharing) { pool in
        let sharded = Self.sharded(samples, pool)
        let evaluator = Evaluator(samples: sharded, loss: .crossEntropy(), pool: pool)
        return (
          evaluator.metrics(of: network), evaluator.scores(of: network),
          evaluator.classCounts(of: network), sharded.inMemory(pool).inputs.bits
        )
      }.result
      #expect(result?.0 == alone.metrics(of: network))
      #expect(result?.1 == alone.scores(of: network))
      #expect(result?.2 == alone.classCounts(of: network))
      let expected = samples.indices.flatMap { whole.inputs.row(Int($0)).map(\.bitPattern) }
      #expect(result?.3 == expected)
    }
  }

  /// Trains on some rows, measures on others of the same inputs, and scores weights on a few.
  ///
  /// - Returns: the bits of the network, and what each epoch measures.
  private static func train(
    _ pool: WorkerPool, _ blocks: BlockOrder?
  ) -> (bits: [[UInt32]], reports: [Metrics?]) {
    let all = sharded(SharedPassTests.samples, pool)
    var training = rows(all) { $0 % 4 != 1 }
    training.blocks = blocks
    let run = run(on: training, validation: rows(all) { $0 % 4 == 1 }, pool)
    var reports: [Metrics?] = []
    while !run.isFinished {
      if let report = try? run.step() { reports.append(report.validation) }
      // Data of another kind in the middle.
      let few = rows(all) { $0 < 40 }.inMemory(pool)
      _ = Evaluator(samples: few, loss: .crossEntropy(), pool: pool)
        .metrics(of: SharedPassTests.network)
    }
    return (run.state.bits, reports)
  }

  /// A training in batches of 300.
  private static func run(
    on training: SampleSet, validation: SampleSet? = nil, _ pool: WorkerPool
  ) -> TrainingRun {
    TrainingRun(
      state: ModelState(network: SharedPassTests.network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 2, batch: 300, loss: .crossEntropy(),
        optimizer: .adam(Optimizer.Adam(learningRate: 0.002))),
      orderSeed: 3, training: training, validation: validation, pool: pool,
      ranks: pool.peers as? RankGroup)
  }

  @Test(
    "What is read at once is known where rank 0 takes steps by itself, and is nothing where ranks share them",
    arguments: StepSharing.allCases)
  func window(sharing: StepSharing) {
    let windows = SharedPassTests.onRanks(2, sharing) { pool -> [Int?] in
      let samples = SharedPassTests.samples
      let stored = samples.reading(.stored(CountedInputs(samples.inputs)))
      return [stored, Self.sharded(samples, pool)].map {
        Self.run(on: $0, pool).window?.samples
      }
    }.result
    // All 1,337 are read at once, and a step's 300 may be left of the ones before.
    #expect(windows == [1637, sharing == .alone ? 1637 : nil])
  }

  @Test(
    "A training is that of one process, with what is measured and read in between",
    arguments: StepSharing.allCases, [nil, BlockOrder(samples: 16, mixed: 3)])
  func training(sharing: StepSharing, blocks: BlockOrder?) {
    let alone = Self.train(WorkerPool(threadCount: 1), blocks)
    #expect(alone.reports.count == 2)
    for size in 2...3 {
      let shared = SharedPassTests.onRanks(size, sharing) { Self.train($0, blocks) }.result
      #expect(shared?.bits == alone.bits && shared?.reports == alone.reports, "\(size) ranks")
    }
  }
}
