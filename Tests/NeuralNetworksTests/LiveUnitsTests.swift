import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("LiveUnits")
struct LiveUnitsTests {
  private let samples = NetworkFixture.samples(50, inputs: 23, outputs: 4, labels: true)

  /// A network [23, 31, 17, 4], random weights of which are gone, without the units of hidden layers
  /// that `isGone` names.
  private func network(
    removing share: Double = 0, without isGone: (_ layer: Int, _ unit: Int) -> Bool
  ) -> Network {
    var network = NetworkFixture.network([23, 31, 17, 4], activation: .prelu, removing: share)
    for (index, layer) in network.layers.enumerated() {
      var mask = layer.mask ?? Mask(rows: layer.outputs, columns: layer.inputs)
      for row in 0..<layer.outputs {
        for column in 0..<layer.inputs
        where (index < 2 && isGone(index, row)) || (index > 0 && isGone(index - 1, column)) {
          mask.remove(row * layer.inputs + column)
        }
      }
      network.layers[index].apply(mask)
    }
    return network
  }

  @Test("those without a weight on either side are left out; one of each layer stays")
  func selection() {
    let dense = NetworkFixture.network([23, 31, 17, 4], activation: .prelu, removing: 0)
    #expect(LiveUnits(of: dense).isEverything)
    #expect(LiveUnits(of: dense).compact(dense) == dense)
    let third = network { layer, unit in layer == 0 && unit % 3 > 0 }
    let small = LiveUnits(of: third).compact(third)
    #expect(small.layers.map(\.outputs) == [11, 17, 4])
    #expect(small.layers.allSatisfy { $0.mask == nil })
    #expect(small.layers[1].weights[5, 2] == third.layers[1].weights[5, 6])
    #expect(small.layers[0].bias[2] == third.layers[0].bias[6])
    let none = network { layer, _ in layer == 1 }
    #expect(LiveUnits(of: none).compact(none).layers.map(\.outputs) == [31, 1, 4])
    // A unit whose value is constant, or goes nowhere, still has weights.
    var half = dense
    var mask = Mask(rows: 31, columns: 23)
    for column in 0..<23 { mask.remove(7 * 23 + column) }
    half.layers[0].apply(mask)
    #expect(LiveUnits(of: half).isEverything)
  }

  @Test("where many single weights are gone all units count as live")
  func sparse() {
    for (share, isLeftOut) in [(0.05, true), (0.3, false), (0.95, false)] {
      let network = network(removing: share) { layer, unit in layer == 1 && unit > 3 }
      #expect(LiveUnits(of: network).isEverything == !isLeftOut)
      #expect((LiveUnits(of: network).compact(network) == network) == !isLeftOut)
    }
  }

  @Test(
    "a network trains and infers in the same bits as the smaller one that its live units are",
    arguments: SparseTrainingTests.optimizers, [0, 0.08])
  func training(optimizer: Optimizer, share: Double) throws {
    let network = network(removing: share) { layer, unit in
      (layer == 0 && unit % 4 != 1) || (layer == 1 && unit > 9)
    }
    let units = LiveUnits(of: network)
    let small = units.compact(network)
    #expect(small.layers[0].outputs <= 8 && small.layers[1].outputs <= 10)
    let run = run(network, optimizer)
    let other = self.run(small, optimizer)
    while !run.isFinished {
      let (epoch, expected) = (try run.step(), try other.step())
      #expect(epoch == expected)
    }
    let (state, smallState) = (run.result, other.result)
    #expect(
      ModelState(network: units.compact(state.network)).bits
        == ModelState(network: smallState.network).bits)
    #expect(units.compact(state.optimizer!.first) == smallState.optimizer!.first)
    #expect(units.compact(state.optimizer!.second) == smallState.optimizer!.second)
    let pool = WorkerPool(threadCount: 2)
    let outputs = [state, smallState].map {
      Predictor($0.network, pool: pool).outputs(for: samples.inputs).bits
    }
    #expect(outputs[0] == outputs[1])
    // What is left out is as it was.
    for (layer, before) in zip(state.network.layers, network.layers) {
      #expect(layer.mask == before.mask && layer.remaining == before.remaining)
      #expect(layer.weights.rows == before.outputs && layer.weights.columns == before.inputs)
    }
    #expect(state.network.layers[0].bias[0] == network.layers[0].bias[0])
    #expect(state.network.layers[0].weights != network.layers[0].weights)
  }

  @Test("stopped after any step it ends in the same bits")
  func continuation() throws {
    let network = network { layer, unit in layer == 0 && unit % 4 != 1 }
    let optimizer = SparseTrainingTests.optimizers[0]
    let whole = run(network, optimizer)
    while !whole.isFinished { _ = try whole.step() }
    var stopped = run(network, optimizer)
    while !stopped.isFinished {
      _ = try stopped.step()
      stopped = run(
        stopped.state.network, optimizer, optimizerState: stopped.state.optimizer,
        progress: stopped.progress)
    }
    #expect(stopped.result.bits == whole.result.bits)
  }

  private func run(
    _ network: Network, _ optimizer: Optimizer, optimizerState: OptimizerState? = nil,
    progress: TrainingProgress = TrainingProgress()
  ) -> TrainingRun {
    var state = ModelState(network: network)
    state.optimizer = optimizerState
    return TrainingRun(
      state: state, progress: progress,
      settings: TrainingSettings(
        epochs: 3, batch: 20, loss: .crossEntropy(), optimizer: optimizer, clipNorm: 0.2),
      orderSeed: 5, training: samples, validation: samples, pool: WorkerPool(threadCount: 2))
  }
}
