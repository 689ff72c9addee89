import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Testing

@Suite("Regrowth")
struct RegrowthTests {
  private let pool = WorkerPool(threadCount: 2)
  private let network = randomNetwork([6, 9, 4])
  private let samples = SampleSet(
    inputs: randomSamples(60, inputs: 6).inputs,
    targets: .labels((0..<60).map { Int32($0 % 4) }))

  private func prune(
    _ network: Network, to counts: [Int], share: Double?
  ) throws -> (network: Network, report: PruningReport) {
    let pruner = Pruner(
      criterion: .ec(metric: .fisher), compensation: NoCompensation(),
      regrowth: share.map { Regrowth(share: $0) })
    let (state, report) = try pruner.prune(
      ModelState(network: network), to: .layers(counts), samples: samples, loss: .crossEntropy(),
      pool: pool)
    return (state.network, report)
  }

  @Test("drops the least important and brings back those with the largest gradient, at 0")
  func rule() throws {
    let (kept, share) = (30, 0.2)
    let (grown, report) = try prune(network, to: [kept, 36], share: share)
    let (dropped, _) = try prune(network, to: [kept - 6, 36], share: nil)
    let gradient = LossGradient.weights(
      of: dropped, on: samples, loss: .crossEntropy(), pool: pool)[0].elements
    let pruned = (0..<54).filter { !dropped.layers[0].isKept($0) }
    let back = Set(pruned.sorted { abs(gradient[$0]) > abs(gradient[$1]) }.prefix(6))
    for weight in 0..<54 {
      let isKept = dropped.layers[0].isKept(weight) || back.contains(weight)
      #expect(grown.layers[0].isKept(weight) == isKept)
      if back.contains(weight) { #expect(grown.layers[0].weight(weight) == 0) }
    }
    #expect(grown.layers[0].remaining == kept)
    #expect(grown.layers[1] == network.layers[1])
    #expect(report.layers.map(\.removed) == [30, 0] && report.layers.map(\.regrown) == [6, 0])
    #expect(report.layers.map(\.remaining) == [kept, 36])
  }

  @Test("counts stay as demanded, and masks are no longer nested")
  func counts() throws {
    var network = network
    var isNested = true
    for kept in [40, 30, 20, 20, 2, 1] {
      let before = network.layers[0].mask
      network = try prune(network, to: [kept, kept / 2], share: 0.4).network
      #expect(network.layers.map(\.remaining) == [kept, kept / 2])
      if let before { isNested = isNested && network.layers[0].mask!.isSubset(of: before) }
    }
    #expect(!isNested)
  }

  @Test("layers that are kept as they are exchange nothing, moments of grown weights are 0")
  func limits() throws {
    let (pruned, _) = try prune(network, to: [30, 20], share: nil)
    var state = ModelState(network: pruned)
    var optimizer = OptimizerState(fresh: .adam(Optimizer.Adam()), for: network)
    for index in 0..<2 {
      optimizer.first[index].weights = Matrix(
        rows: network.layers[index].outputs, columns: network.layers[index].inputs, repeating: 1)
    }
    optimizer.apply(masksOf: pruned)
    state.optimizer = optimizer
    let pruner = Pruner(
      criterion: .ec(metric: .fisher), compensation: NoCompensation(),
      regrowth: Regrowth(share: 0.3))
    let (grown, report) = try pruner.prune(
      state,
      to: .total(45, budget: Budget(policy: .global), limits: [.none, LayerLimits(keep: true)]),
      samples: samples, loss: .crossEntropy(), pool: pool)
    #expect(grown.network.layers[1] == pruned.layers[1])
    #expect(report.layers.map(\.regrown) == [8, 0] && grown.network.remaining == 45)
    let moments = try #require(grown.optimizer).first[0].weights
    for weight in 0..<54 {
      let stayed =
        grown.network.layers[0].isKept(weight) && grown.network.layers[0].weight(weight) != 0
      #expect(moments.elements[weight] == (stayed ? 1 : 0))
    }
  }
}
