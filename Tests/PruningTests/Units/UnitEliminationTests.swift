import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import TestSupport
import Testing

@Suite("Units that go before the layer above is refitted")
struct UnitEliminationTests {
  private let pool = WorkerPool(threadCount: 2)

  private func context(
    _ network: Network, _ samples: SampleSet, _ metric: OutputMetric, loss: Loss
  ) throws -> ScoringContext {
    try ScoringContext(
      network: network, samples: samples, loss: loss, metrics: [metric], pool: pool)
  }

  private func prune(
    _ network: Network, to kept: Int, samples: SampleSet,
    by criterion: any PruningCriterion = .ec(metric: .output),
    _ compensation: any Compensation = LeastSquares(metric: .output),
    policy: BudgetPolicy = .global, loss: Loss = .meanSquared
  ) throws -> (network: Network, report: PruningReport) {
    let (state, report) = try Pruner(criterion: criterion, compensation: compensation).prune(
      ModelState(network: network),
      to: .total(
        kept, budget: Budget(policy: policy, granularity: .unit),
        limits: network.layers.map { _ in .none }),
      samples: samples, loss: loss, pool: pool)
    return (state.network, report)
  }

  /// Units of layer `index` that have lost their inputs.
  private func gone(_ network: Network, _ index: Int) -> Set<Int> {
    let layer = network.layers[index]
    return Set(
      (0..<layer.outputs).filter { unit in
        (0..<layer.inputs).allSatisfy { !layer.isKept(unit * layer.inputs + $0) }
      })
  }

  @Test(
    "go in the order and at the costs of refits by NumPy's lstsq, one after the other",
    arguments: ["refitted-fisher", "refitted-output"])
  func golden(name: String) throws {
    let golden = try GoldenCase("units/" + name)
    let metric = OutputMetric(rawValue: golden.description.metric!)!
    let network = try golden.network()
    let context = try context(
      network, golden.samples(), metric, loss: metric == .fisher ? .crossEntropy() : .meanSquared)
    let layers = try UnitElimination.layers(context, under: metric)
    #expect(layers.count == network.layers.count - 1)
    for (index, elimination) in layers.enumerated() {
      var elimination = try #require(elimination)
      let units = network.layers[index].outputs
      let removals = elimination.removals(
        saving: Array(repeating: 1, count: units), exact: units)
      let costs = try golden.array("cost\(index + 1)").values
      #expect(
        try removals.map { Double($0.unit) } == golden.array("order\(index + 1)").values)
      var most = 0.0
      for (removal, cost) in zip(removals, costs) {
        most = max(most, cost)
        #expect(abs(removal.cost - most) <= 2e-3 * most)
      }
    }
  }

  @Test("the pruner takes them in this order, layer by layer and from all layers")
  func order() throws {
    let golden = try GoldenCase("units/refitted-output")
    let (network, samples) = (try golden.network(), try golden.samples())
    let orders = try (1...2).map { try golden.array("order\($0)").values.map { Int($0) } }
    // Of the layers 5-10-8-2 half of the units each.
    let (halved, _) = try prune(
      network, to: 5 * 5 + 5 * 4 + 4 * 2, samples: samples, policy: .uniform)
    #expect(gone(halved, 0) == Set(orders[0].prefix(5)))
    #expect(gone(halved, 1) == Set(orders[1].prefix(4)))
    // One unit: the least cost for each weight saved.
    let costs = try (1...2).map { try golden.array("cost\($0)").values[0] }
    let saved = [5 + 8, 10 + 2]
    let layer = costs[0] / Double(saved[0]) < costs[1] / Double(saved[1]) ? 0 : 1
    let (first, report) = try prune(
      network, to: network.weightCount - saved[layer], samples: samples)
    #expect(report.layers.map(\.units) == (0..<3).map { $0 == layer ? 1 : 0 })
    #expect(gone(first, layer) == [orders[layer][0]])
  }

  @Test("of two units that do the same one goes first, however much both count")
  func twins() throws {
    let network = networkWithTwins()
    let samples = randomSamples(200, inputs: 6)
    let kept = network.weightCount - (6 + 3)
    let (refitted, _) = try prune(network, to: kept, samples: samples)
    #expect(gone(refitted, 0).isSubset(of: [2, 7]) && gone(refitted, 0).count == 1)
    // The sum of importances knows nothing of that.
    let shift = BiasShift(metric: .output)
    #expect(
      try gone(prune(network, to: kept, samples: samples, shift).network, 0).isDisjoint(with: [
        2, 7,
      ]))
    // Nor does another criterion, which keeps its own order.
    let magnitude = Magnitude()
    let (plain, _) = try prune(network, to: kept, samples: samples, by: magnitude)
    let (bare, _) = try prune(network, to: kept, samples: samples, by: magnitude, NoCompensation())
    #expect(gone(plain, 0) == gone(bare, 0) && gone(plain, 0).isDisjoint(with: [2, 7]))
  }

  @Test("costs of units that are left when no more are brought up to date keep their order")
  func tail() throws {
    let golden = try GoldenCase("units/refitted-fisher")
    let context = try context(
      golden.network(), golden.samples(), .fisher, loss: .crossEntropy())
    let elimination = try #require(try UnitElimination.layers(context, under: .fisher)[0])
    var (all, some) = (elimination, elimination)
    var saved = Array(repeating: 3, count: 14)
    let exact = all.removals(saving: saved, exact: 14).map(\.unit)
    let removals = some.removals(saving: saved, exact: 4)
    #expect(removals.prefix(5).map(\.unit) == Array(exact.prefix(5)))
    #expect(Set(removals.map(\.unit)) == Set(0..<14))
    #expect(zip(removals, removals.dropFirst()).allSatisfy { $0.cost <= $1.cost })
    // Units that are gone are not there any more.
    saved[exact[0]] = 0
    var rest = elimination
    #expect(rest.removals(saving: saved, exact: 14).count == 13)
  }

  @Test("are the same for any number of threads, and where nothing varies units go all the same")
  func threads() throws {
    let network = randomNetwork([8, 40, 20, 5], activation: .relu)
    let samples = randomSamples(300, inputs: 8)
    let results = try [1, 3].map { threads in
      let (state, _) = try Pruner(
        criterion: .ec(metric: .output), compensation: LeastSquares(metric: .output)
      ).prune(
        ModelState(network: network),
        to: .total(
          400, budget: Budget(granularity: .unit), limits: network.layers.map { _ in .none }),
        samples: samples, loss: .meanSquared, pool: WorkerPool(threadCount: threads))
      return state.network
    }
    #expect(results[0] == results[1])
    // One sample: nothing varies, so there is nothing to regress on.
    let (thin, report) = try prune(
      randomNetwork([4, 6, 2]), to: 18, samples: randomSamples(1, inputs: 4))
    #expect(thin.remaining == 18 && report.layers[0].units == 3)
  }
}
