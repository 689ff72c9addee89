import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Inputs that are read when they are wanted")
struct StoredInputsTests {
  private let resident = NetworkFixture.samples(83, inputs: 9, outputs: 3, labels: true)
  private let rows: [Int32] = (0..<83).filter { $0 % 5 != 2 }

  private func sets(
    blocks: BlockOrder? = nil
  ) -> (resident: SampleSet, stored: SampleSet, inputs: CountedInputs) {
    let inputs = CountedInputs(resident.inputs)
    var one = SampleSet(inputs: resident.inputs, targets: resident.targets, indices: rows)
    var two = SampleSet(.stored(inputs), targets: resident.targets, indices: rows)
    (one.blocks, two.blocks) = (blocks, blocks)
    return (one, two, inputs)
  }

  @Test(
    "a training has the bits of one in memory, from its beginning and from the middle of an epoch",
    arguments: [
      nil, BlockOrder(samples: 4, mixed: 3), BlockOrder(samples: 1, mixed: 1),
      BlockOrder(samples: 100, mixed: 2),
    ])
  func training(blocks: BlockOrder?) throws {
    let network = NetworkFixture.network([9, 8, 3], activation: .relu)
    func train(
      _ samples: SampleSet, from state: ModelState, at progress: TrainingProgress, steps: Int
    ) throws -> (state: ModelState, progress: TrainingProgress) {
      let run = TrainingRun(
        state: state, progress: progress,
        settings: TrainingSettings(
          epochs: 3, batch: 7, loss: .crossEntropy(), optimizer: .adam(Optimizer.Adam())),
        orderSeed: 5, training: samples, validation: nil, pool: WorkerPool(threadCount: 2))
      for _ in 0..<steps { _ = try run.step() }
      return (run.state, run.progress)
    }
    let (resident, stored, inputs) = sets(blocks: blocks)
    // 10 steps an epoch.
    let start = ModelState(network: network)
    let whole = try train(resident, from: start, at: TrainingProgress(), steps: 30)
    let read = try train(stored, from: start, at: TrainingProgress(), steps: 30)
    #expect(read.state.bits == whole.state.bits && read.progress == whole.progress)
    let middle = try train(stored, from: start, at: TrainingProgress(), steps: 13)
    let rest = try train(stored, from: middle.state, at: middle.progress, steps: 17)
    #expect(rest.state.bits == whole.state.bits && rest.progress == whole.progress)
    #expect(inputs.readings.withLock { !$0.isEmpty })
  }

  @Test("blocks that are mixed are read at once, each sample once an epoch")
  func readings() throws {
    let (_, stored, inputs) = sets(blocks: BlockOrder(samples: 5, mixed: 4))
    let run = TrainingRun(
      state: ModelState(network: NetworkFixture.network([9, 3], activation: .relu)),
      progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 1, batch: 7, loss: .crossEntropy(),
        optimizer: .sgd(Optimizer.SGD(learningRate: 0.1))),
      orderSeed: 5, training: stored, validation: nil, pool: WorkerPool(threadCount: 1))
    while !run.isFinished { _ = try run.step() }
    // 66 samples, four blocks of five at once.
    #expect(stored.count == 66)
    #expect(inputs.readings.withLock { $0 } == [20, 20, 20, 6])
  }

  @Test("metrics, scores and distances are those of samples in memory")
  func measuring() {
    let (resident, stored, _) = sets()
    let pool = WorkerPool(threadCount: 1)
    let network = NetworkFixture.network([9, 6, 3], activation: .tanh)
    let other = NetworkFixture.network([9, 6, 3], activation: .tanh, seed: 8)
    let (one, two) = (
      Evaluator(samples: resident, loss: .crossEntropy(), pool: pool),
      Evaluator(samples: stored, loss: .crossEntropy(), pool: pool)
    )
    #expect(one.metrics(of: network) == two.metrics(of: network))
    #expect(one.scores(of: network) == two.scores(of: network))
    #expect(one.classCounts(of: network) == two.classCounts(of: network))
    #expect(
      OutputDistance(from: network, on: resident, pool: pool).meanSquare(to: other)
        == OutputDistance(from: network, on: stored, pool: pool).meanSquare(to: other))
  }

  @Test("samples that are brought into memory are the same, and the others are left where they are")
  func inMemory() {
    let (resident, stored, inputs) = sets()
    let own = stored.inMemory()
    #expect(own.count == resident.count && own.inputs.rows == rows.count)
    #expect(inputs.readings.withLock { $0 } == [rows.count])
    guard case .labels(let labels) = own.targets, case .labels(let all) = resident.targets else {
      Issue.record("labels")
      return
    }
    for (place, row) in rows.enumerated() {
      #expect(own.inputs.row(place) == resident.inputs.row(Int(row)))
      #expect(labels[place] == all[Int(row)])
    }
    #expect(own.inMemory().inputs.sharesStorage(with: own.inputs))
  }
}
