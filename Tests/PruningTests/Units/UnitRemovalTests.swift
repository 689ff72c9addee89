import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import TestSupport
import Testing

@Suite("UnitRemoval")
struct UnitRemovalTests {
  private static let policies: [BudgetPolicy] = [.global, .uniform, .erk, .lamp]
  let pool = WorkerPool(threadCount: 2)
  let ec = Pruner(criterion: .ec(metric: .output), compensation: .ec(metric: .output))

  func prune(
    _ network: Network, to kept: Int, _ policy: BudgetPolicy = .global,
    limits: [LayerLimits]? = nil, by pruner: Pruner? = nil, samples: SampleSet? = nil
  ) throws -> (network: Network, report: PruningReport) {
    let (state, report) = try (pruner ?? ec).prune(
      ModelState(network: network),
      to: .total(
        kept, budget: Budget(policy: policy, granularity: .unit),
        limits: limits ?? network.layers.map { _ in .none }),
      samples: samples ?? randomSamples(30, inputs: network.inputs), loss: .meanSquared, pool: pool)
    return (state.network, report)
  }

  func outputs(_ network: Network, _ inputs: Matrix) -> [Float] {
    Predictor(network, pool: pool).outputs(for: inputs).elements
  }

  /// `network` with random weights of it gone.
  func thinned(_ network: Network, to density: Double, seed: UInt64) throws -> Network {
    let pruner = Pruner(criterion: RandomCriterion(), compensation: NoCompensation())
    return try pruner.prune(
      ModelState(network: network),
      to: .total(
        Int(Double(network.weightCount) * density), budget: Budget(policy: .uniform),
        limits: network.layers.map { _ in .none }),
      samples: randomSamples(5, inputs: network.inputs), loss: .meanSquared,
      draws: ScoringDraws(seed: seed), pool: pool
    ).state.network
  }

  @Test("of equal shares go the units that PyTorch removes by their outgoing weights")
  func golden() throws {
    let golden = try GoldenCase("units/half")
    let network = try golden.network()
    let (pruned, report) = try prune(
      network, to: 10 * 12 + 5 * 10 + 4 * 5, .uniform,
      by: Pruner(criterion: Magnitude(), compensation: NoCompensation()))
    #expect(report.layers.map(\.units) == [10, 5, 0])
    for index in 0..<2 {
      let gone = try golden.array("gone\(index + 1)").values
      let live = Set(pruned.liveUnits(index))
      for (unit, isGone) in gone.enumerated() { #expect(live.contains(unit) == (isGone == 0)) }
    }
  }

  @Test("counts sum exactly, bounds hold and masks are nested, whatever went before")
  func exact() throws {
    for seed in 0..<24 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let widths = (0..<(2 + Int(random.next() % 3))).map { _ in 1 + Int(random.next() % 9) }
      var network = randomNetwork(widths, seed: seed)
      if seed % 2 == 1 { network = try thinned(network, to: 0.7, seed: seed) }
      let limits = try network.layers.map { _ in
        try LayerLimits(
          keep: random.next() % 7 == 0,
          minimumDensity: random.next() % 3 == 0 ? Double(random.next() % 50) / 100 : 0)
      }
      let policy = Self.policies[Int(seed % 4)]
      let start = network
      var last = network
      var kept = network.remaining
      while true {
        // Down to where limits end it.
        kept = kept * 3 / 4
        let round: (network: Network, report: PruningReport)
        do {
          round = try prune(network, to: kept, policy, limits: limits)
        } catch PruningError.budget(.tooFewKept) {
          break
        }
        #expect(round.network.remaining == kept && round.report.remaining == kept)
        for (index, layer) in round.network.layers.enumerated() {
          let old = network.layers[index]
          #expect(layer.remaining >= 1)
          if limits[index].keep { #expect(layer.remaining == start.layers[index].remaining) }
          let density = Double(layer.remaining) / Double(layer.weights.count)
          #expect(density >= limits[index].minimumDensity || layer.remaining == old.remaining)
          if let mask = old.mask, let new = layer.mask { #expect(new.isSubset(of: mask)) }
          #expect(layer.remaining <= old.remaining)
        }
        // From the same network more goes with a smaller count, and nothing else stays.
        let more = try? prune(start, to: kept, policy, limits: limits).network
        if let more {
          for (layer, before) in zip(more.layers, last.layers) {
            if let mask = layer.mask, let other = before.mask {
              #expect(mask.isSubset(of: other))
            }
          }
          last = more
        }
        network = round.network
        if kept == 0 { break }
      }
    }
  }

  @Test("of a dense network whole units go, and a part of one more, its outgoing weights first")
  func whole() throws {
    for policy in Self.policies {
      for kept in stride(from: 20, through: 400, by: 19) {
        let (network, report) = try prune(randomNetwork([8, 20, 10, 4]), to: kept, policy)
        #expect(network.remaining == kept)
        let live = [Array(0..<8), network.liveUnits(0), network.liveUnits(1), Array(0..<4)]
        #expect(report.layers.map(\.units) == [20 - live[1].count, 10 - live[2].count, 0])
        for (index, layer) in network.layers.enumerated() where index < 2 {
          let gone = Set(0..<layer.outputs).subtracting(live[index + 1])
          #expect(gone.allSatisfy { layer.bias[$0] == 0 })
        }
        // Between live units only weights of one of them are missing.
        var missing: [(layer: Int, row: Int, column: Int)] = []
        for (index, layer) in network.layers.enumerated() {
          for row in live[index + 1] {
            for column in live[index] where !layer.isKept(row * layer.inputs + column) {
              missing.append((index, row, column))
            }
          }
        }
        if missing.isEmpty { continue }
        let units = (0..<2).flatMap { layer in live[layer + 1].map { (layer, $0) } }
        let owner = units.first { owner in
          missing.allSatisfy {
            ($0.layer, $0.row) == owner || ($0.layer - 1, $0.column) == owner
          }
        }
        let (layer, unit) = try #require(owner)
        let outgoing = live[layer + 2].count {
          network.layers[layer + 1].isKept($0 * network.layers[layer + 1].inputs + unit)
        }
        #expect(outgoing == 0 || missing.allSatisfy { $0.layer == layer + 1 })
      }
    }
  }

  @Test(
    "a unit that never varies goes first, and nothing changes but rounding",
    arguments: [Activation.relu, .tanh, .sigmoid, .prelu])
  func constant(activation: Activation) throws {
    var network = randomNetwork([6, 9, 5, 3], activation: activation)
    // Unit 4 of the first layer and unit 2 of the second see nothing of the inputs.
    for input in 0..<6 { network.layers[0].weights[4, input] = 0 }
    network.layers[0].bias[4] = 0.7
    for input in 0..<9 { network.layers[1].weights[2, input] = 0 }
    network.layers[1].bias[2] = 1.3
    let samples = randomSamples(50, inputs: 6)
    let removed = (9 + 3) + (6 + 5 - 1)
    for compensation in [BiasShift(metric: .output), BiasShift.mean, LeastSquares(metric: .output)]
      as [any Compensation]
    {
      let pruner = Pruner(criterion: .ec(metric: .output), compensation: compensation)
      let (pruned, report) = try prune(
        network, to: network.weightCount - removed, by: pruner, samples: samples)
      #expect(report.layers.map(\.units) == [1, 1, 0])
      #expect(pruned.layers[0].bias[4] == 0 && pruned.layers[1].bias[2] == 0)
      let before = outputs(network, samples.inputs)
      let after = outputs(pruned, samples.inputs)
      let scale = before.map { abs($0) }.max()!
      #expect(zip(before, after).allSatisfy { abs($0 - $1) <= 2e-6 * scale })
    }
    // Without compensation the same units go, and the outputs move.
    let (bare, _) = try prune(
      network, to: network.weightCount - removed,
      by: Pruner(criterion: .ec(metric: .output), compensation: NoCompensation()),
      samples: samples)
    let moved = zip(outputs(network, samples.inputs), outputs(bare, samples.inputs))
    #expect(moved.contains { abs($0 - $1) > 1e-3 })
  }

  @Test("global takes the unit whose outgoing importances are least for each weight saved")
  func score() throws {
    let network = randomNetwork([6, 9, 5, 3])
    let samples = randomSamples(40, inputs: 6)
    let context = try ScoringContext(
      network: network, samples: samples, loss: .meanSquared, metrics: [.output], pool: pool)
    let importances = EliminationCompensation(metric: .output).importances(context)
    var scores: [(score: Double, layer: Int, unit: Int, weights: Int)] = []
    for layer in 0..<2 {
      let weights = network.layers[layer].inputs + network.layers[layer + 1].outputs
      for unit in 0..<network.layers[layer].outputs {
        let sum = (0..<network.layers[layer + 1].outputs).reduce(0.0) {
          $0 + Double(importances[layer + 1][$1, unit])
        }
        scores.append((sum / Double(weights), layer, unit, weights))
      }
    }
    let first = scores.min { $0.score < $1.score }!
    let (pruned, report) = try prune(
      network, to: network.weightCount - first.weights, samples: samples)
    #expect(report.layers[first.layer].units == 1 && report.removed == first.weights)
    let row = (0..<network.layers[first.layer].inputs).map {
      first.unit * network.layers[first.layer].inputs + $0
    }
    #expect(row.allSatisfy { !pruned.layers[first.layer].isKept($0) })
  }

  @Test("one unit a layer is left; then single weights go, down to one a layer")
  func extremes() throws {
    let network = randomNetwork([4, 6, 5, 3])
    let (narrow, report) = try prune(network, to: 4 + 1 + 3)
    #expect(
      report.layers.map(\.units) == [5, 4, 0] && report.layers.map(\.remaining) == [4, 1, 3])
    #expect(narrow.remaining == 8)
    let (least, _) = try prune(network, to: 3)
    #expect(least.layers.map(\.remaining) == [1, 1, 1])
    #expect(try prune(network, to: network.weightCount).network == network)
    // 1 × 1 layers have nothing to lose.
    let thread = randomNetwork([1, 1, 1])
    #expect(try prune(thread, to: 2).network == thread)
    let refusal = try #require(throws: PruningError.self) { try prune(thread, to: 1) }
    guard case .budget(.tooFewKept(demanded: 1, feasible: 2, total: 2, _)) = refusal else {
      Issue.record("\(refusal)")
      return
    }
    // Without hidden units there are only single weights.
    #expect(try prune(randomNetwork([5, 3]), to: 7).network.remaining == 7)
  }

  @Test("thousand layers")
  func thousand() throws {
    let network = randomNetwork(Array(repeating: 2, count: 1001))
    let pruner = Pruner(criterion: Magnitude(), compensation: NoCompensation())
    let (pruned, _) = try prune(network, to: 2000, by: pruner)
    #expect(pruned.remaining == 2000)
    #expect(pruned.layers.allSatisfy { $0.remaining >= 1 })
  }

  @Test("a kept layer keeps the units on both sides of it")
  func keep() throws {
    let network = randomNetwork([8, 20, 10, 4])
    let limits = [LayerLimits.none, .none, try LayerLimits(keep: true)]
    let (pruned, report) = try prune(network, to: 200, limits: limits)
    // Each unit of the first layer saves 8 + 10 weights; 200 of 400 have to go.
    #expect(report.layers.map(\.units) == [11, 0, 0] && pruned.remaining == 200)
    #expect(pruned.layers[2].mask == nil)
  }
}

extension Network {
  /// The units of layer `index` that have weights on either side.
  fileprivate func liveUnits(_ index: Int) -> [Int] {
    let (lower, upper) = (layers[index], layers[index + 1])
    return (0..<lower.outputs).filter { unit in
      (0..<lower.inputs).contains { lower.isKept(unit * lower.inputs + $0) }
        || (0..<upper.outputs).contains { upper.isKept($0 * upper.inputs + unit) }
    }
  }
}
