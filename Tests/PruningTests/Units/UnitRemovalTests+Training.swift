import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import TestSupport
import Testing

extension UnitRemovalTests {
  @Test("moments of a removed unit's bias are 0")
  func moments() throws {
    let network = randomNetwork([8, 20, 4])
    var state = ModelState(network: network)
    var optimizer = OptimizerState(fresh: .adam(Optimizer.Adam()), for: network)
    for index in 0..<2 {
      optimizer.first[index].bias = optimizer.first[index].bias.map { _ in 1 }
      optimizer.second[index].bias = optimizer.second[index].bias.map { _ in 1 }
    }
    state.optimizer = optimizer
    let (pruned, report) = try ec.prune(
      state,
      to: .total(
        120, budget: Budget(policy: .uniform, granularity: .unit), limits: [.none, .none]),
      samples: randomSamples(30, inputs: 8), loss: .meanSquared, pool: pool)
    #expect(report.layers[0].units == 10)
    let moments = try #require(pruned.optimizer)
    for unit in 0..<20 {
      let isLive = pruned.network.layers[0].isKept(unit * 8)
      #expect(moments.first[0].bias[unit] == (isLive ? 1 : 0))
      #expect(moments.second[0].bias[unit] == (isLive ? 1 : 0))
    }
  }

  @Test("criteria that compare weights within rows go with fixed shares only")
  func rows() throws {
    let wanda = Pruner(criterion: Wanda(), compensation: NoCompensation())
    let network = randomNetwork([8, 20, 4])
    #expect(throws: PruningError.countsNotFixed(criterion: "wanda", policy: "global")) {
      try prune(network, to: 120, by: wanda)
    }
    #expect(try prune(network, to: 121, .uniform, by: wanda).network.remaining == 121)
  }

  @Test("training does not wake a removed unit")
  func training() throws {
    let (pruned, _) = try prune(randomNetwork([8, 20, 4], activation: .softplus), to: 120)
    let samples = SampleSet(
      inputs: randomSamples(64, inputs: 8).inputs,
      targets: .labels((0..<64).map { Int32($0 % 4) }))
    let run = TrainingRun(
      state: ModelState(network: pruned), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 3, batch: 16, loss: .crossEntropy(),
        optimizer: .adamW(Optimizer.Adam(learningRate: 0.05))),
      orderSeed: 1, training: samples, validation: nil, pool: pool)
    while !run.isFinished { _ = try run.step() }
    let trained = run.result.network
    for (layer, before) in zip(trained.layers, pruned.layers) {
      #expect(layer.mask == before.mask)
      for weight in 0..<layer.weights.count where !layer.isKept(weight) {
        #expect(layer.weight(weight) == 0)
      }
    }
    for unit in 0..<20 where !pruned.layers[0].isKept(unit * 8) {
      #expect(trained.layers[0].bias[unit] == 0)
    }
  }
}
