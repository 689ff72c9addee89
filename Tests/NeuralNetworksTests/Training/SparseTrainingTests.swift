import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("Training of sparse networks")
struct SparseTrainingTests {
  static let optimizers: [Optimizer] = [
    .adam(Optimizer.Adam(learningRate: 0.01, weightDecay: 0.01)),
    .adamW(Optimizer.Adam(learningRate: 0.01, weightDecay: 0.01)),
    .sgd(Optimizer.SGD(learningRate: 0.1, momentum: 0.9, nesterov: true)),
    .sgd(Optimizer.SGD(learningRate: 0.1)),
  ]

  @Test(
    "Stopped after any step, on another number of threads each time, it ends in the same bits",
    arguments: optimizers, [nil, 0.2] as [Double?])
  func continuation(optimizer: Optimizer, clipNorm: Double?) throws {
    let network = Self.network()
    func train(stops: Bool) throws -> ModelState {
      var run = Self.run(
        ModelState(network: network), TrainingProgress(), optimizer, clipNorm, threads: 1)
      var turn = 0
      while !run.isFinished {
        _ = try run.step()
        turn += 1
        if stops {
          run = Self.run(run.state, run.progress, optimizer, clipNorm, threads: 1 + turn % 3)
        }
      }
      return run.result
    }
    let whole = try train(stops: false)
    #expect(try train(stops: true).bits == whole.bits)
    #expect(whole.bits != ModelState(network: network).bits)
  }

  @Test(
    "Pruned weights and moments stay 0 to the bit; masks stay as they are", arguments: optimizers)
  func prunedStaysPruned(optimizer: Optimizer) throws {
    let network = Self.network()
    let run = Self.run(
      ModelState(network: network), TrainingProgress(), optimizer, nil, threads: 2)
    while !run.isFinished { _ = try run.step() }
    let state = run.result
    for (index, layer) in state.network.layers.enumerated() {
      let mask = try #require(layer.mask)
      #expect(mask == network.layers[index].mask)
      let moments = [state.optimizer!.first, state.optimizer!.second].compactMap {
        $0.isEmpty ? nil : $0[index].weights
      }
      for matrix in [layer.weights] + moments {
        let bits = matrix.bits
        #expect(bits.indices.allSatisfy { mask[$0] || bits[$0] == 0 })
        // No gradient goes through the empty second layer to the first.
        #expect(index < 2 || bits.contains { $0 != 0 })
      }
    }
    #expect(state.network.layers[1].remaining == 0)
    #expect(state.network.layers[1].bias != network.layers[1].bias, "biases still learn")
  }

  @Test("The mean loss of a step is that of the dense network that the masks leave")
  func loss() throws {
    let network = Self.network()
    let samples = NetworkFixture.samples(29, inputs: 23, outputs: 4, labels: true)
    let run = TrainingRun(
      state: ModelState(network: network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 1, batch: 29, loss: .crossEntropy(), optimizer: Self.optimizers[3]),
      orderSeed: 1, training: samples, validation: nil, pool: WorkerPool(threadCount: 2))
    let report = try run.step()
    let expected = ReferenceNetwork(network).loss(.crossEntropy(), over: samples)
    #expect(abs(report!.trainingLoss - expected) < 1e-6)
  }

  /// Three sparse layers; the second has lost all its weights.
  private static func network() -> Network {
    var network = NetworkFixture.network([23, 31, 17, 4], activation: .tanh, removing: 0.9)
    for (index, share) in [(1, 1), (2, 3)] {
      var mask = Mask(rows: network.layers[index].outputs, columns: network.layers[index].inputs)
      for i in 0..<mask.count where share == 1 || i % share != 0 { mask.remove(i) }
      network.layers[index].apply(mask)
    }
    return network
  }

  private static func run(
    _ state: ModelState, _ progress: TrainingProgress, _ optimizer: Optimizer, _ clipNorm: Double?,
    threads: Int
  ) -> TrainingRun {
    TrainingRun(
      state: state, progress: progress,
      settings: TrainingSettings(
        epochs: 3, batch: 20, loss: .crossEntropy(), optimizer: optimizer, clipNorm: clipNorm),
      orderSeed: 5, training: NetworkFixture.samples(50, inputs: 23, outputs: 4, labels: true),
      validation: nil, pool: WorkerPool(threadCount: threads))
  }
}
