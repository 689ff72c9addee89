import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import TestSupport
import Testing

@Suite("Properties of criteria")
struct CriteriaPropertyTests {
  private let pool = WorkerPool(threadCount: 2)

  private static let all: [any PruningCriterion] = [
    EliminationCompensation(metric: .output), Magnitude(), GradientMagnitude(),
    GradientMagnitude(signed: true), Taylor(metric: .output), Variance(), Wanda(),
    OptimalBrainDamage(), NonlinearRemoval(),
  ]

  private func context(
    _ network: Network, _ samples: SampleSet, _ criterion: any PruningCriterion,
    seed: UInt64 = 0, threads: Int = 2
  ) throws -> ScoringContext {
    try ScoringContext(
      network: network, samples: samples, loss: .meanSquared,
      metrics: [criterion.metric].compactMap { $0 }, pool: WorkerPool(threadCount: threads),
      draws: ScoringDraws(seed: seed))
  }

  private func valued(_ count: Int, inputs: Int, outputs: Int, seed: UInt64 = 3) -> SampleSet {
    var random = SeededGenerator(seed: seed)
    return SampleSet(
      inputs: Matrix(rows: count, columns: inputs, random.floats(count * inputs, bound: 2)),
      targets: .values(Matrix(rows: count, columns: outputs, random.floats(count * outputs))))
  }

  @Test(
    "nonlinear is what really removing a weight does to the outputs",
    arguments: [Activation.relu, .tanh, .gelu])
  func nonlinear(activation: Activation) throws {
    let network = randomNetwork([5, 6, 7, 4, 3], activation: activation)
    let samples = randomSamples(600, inputs: 5)
    let scores = NonlinearRemoval().importances(
      try context(network, samples, NonlinearRemoval()))
    let distance = OutputDistance(from: network, on: samples, pool: pool)
    for (index, weight) in [(0, 0), (0, 17), (1, 41), (2, 3), (3, 11)] {
      let layer = network.layers[index]
      var counts = network.layers.map(\.remaining)
      counts[index] -= 1
      // Removing by score 0 for that weight alone, with the compensation mean.
      let result = try Pruner(
        criterion: Chosen(layer: index, weight: weight), compensation: BiasShift.mean
      ).prune(
        ModelState(network: network), to: .layers(counts), samples: samples, loss: .meanSquared,
        pool: pool
      ).state.network
      #expect(result.layers[index].mask?[weight] == false)
      let expected = distance.meanSquare(to: result)
      let found = Double(scores[index][weight / layer.inputs, weight % layer.inputs])
      #expect(abs(found - expected) <= 1e-4 * expected, "\(index) \(weight)")
    }
  }

  @Test("scores follow the units when these change places", arguments: Self.all.indices)
  func permutation(index: Int) throws {
    let criterion = Self.all[index]
    let network = randomNetwork([5, 6, 3])
    let samples = valued(80, inputs: 5, outputs: 3)
    var random = SeededGenerator(seed: 9)
    let order = (0..<6).shuffled(using: &random)
    var moved = network
    for (place, unit) in order.enumerated() {
      let (lower, upper) = (network.layers[0], network.layers[1])
      for input in 0..<5 { moved.layers[0].weights[place, input] = lower.weights[unit, input] }
      moved.layers[0].bias[place] = lower.bias[unit]
      for output in 0..<3 { moved.layers[1].weights[output, place] = upper.weights[output, unit] }
    }
    let before = try criterion.importances(context(network, samples, criterion))
    let after = try criterion.importances(context(moved, samples, criterion))
    let scale = before.map { $0.elements.map { abs($0) }.max()! }
    for (place, unit) in order.enumerated() {
      for input in 0..<5 {
        #expect(abs(after[0][place, input] - before[0][unit, input]) <= 1e-4 * scale[0])
      }
      for output in 0..<3 {
        #expect(abs(after[1][output, place] - before[1][output, unit]) <= 1e-4 * scale[1])
      }
    }
  }

  @Test("scores are the same bits for any number of threads", arguments: Self.all.indices)
  func threads(index: Int) throws {
    let criterion = Self.all[index]
    let network = randomNetwork([9, 20, 8, 3])
    let samples = valued(1100, inputs: 9, outputs: 3)
    let results = try [1, 3].map {
      try criterion.importances(context(network, samples, criterion, threads: $0))
    }
    #expect(results[0] == results[1])
  }

  @Test("random importances are a function of the seed, spread over [0, 1)")
  func random() throws {
    let network = randomNetwork([20, 30, 10])
    let samples = randomSamples(3, inputs: 20)
    let scores = try [4, 4, 5].map { seed in
      RandomCriterion().importances(
        try context(network, samples, RandomCriterion(), seed: seed)
      ).flatMap(\.elements)
    }
    #expect(scores[0] == scores[1] && scores[0] != scores[2])
    #expect(scores[0].allSatisfy { $0 >= 0 && $0 < 1 })
    // 900 draws: a standard error of 0.01.
    #expect(abs(scores[0].reduce(0, +) / 900 - 0.5) < 0.05)
    #expect(Array(scores[0][..<300]) != Array(scores[0][600...]))
  }

  @Test("wanda takes the same number of weights from every row of a layer")
  func rows() throws {
    let network = randomNetwork([10, 6, 4])
    let samples = randomSamples(50, inputs: 10)
    let pruner = Pruner(criterion: Wanda(), compensation: NoCompensation())
    let limits = [LayerLimits.none, .none]
    let (state, report) = try pruner.prune(
      ModelState(network: network),
      to: .total(45, budget: Budget(policy: .uniform), limits: limits),
      samples: samples, loss: .meanSquared, pool: pool)
    #expect(report.remaining == 45)
    for layer in state.network.layers {
      let kept = (0..<layer.outputs).map { row in
        (0..<layer.inputs).filter { layer.mask![row * layer.inputs + $0] }.count
      }
      #expect(kept.max()! - kept.min()! <= 1)
      #expect(kept == kept.sorted(by: >))
    }
    let scores = Wanda().importances(try context(network, samples, Wanda()))
    let layer = state.network.layers[0]
    for row in 0..<6 {
      let places = 0..<10
      let kept = places.filter { layer.mask![row * 10 + $0] }.map { scores[0][row, $0] }
      let gone = places.filter { !layer.mask![row * 10 + $0] }.map { scores[0][row, $0] }
      #expect(gone.max()! <= kept.min()!)
    }
    let again = try pruner.prune(
      state, to: .layers([13, 2]), samples: samples, loss: .meanSquared, pool: pool)
    #expect(again.state.network.layers.map(\.remaining) == [13, 2])
  }

  @Test("wanda refuses a policy that compares layers")
  func refusal() {
    #expect(throws: PruningError.countsNotFixed(criterion: "wanda", policy: "global")) {
      try Pruner(criterion: Wanda(), compensation: NoCompensation()).prune(
        ModelState(network: randomNetwork([3, 2])),
        to: .total(3, budget: Budget(policy: .global), limits: [.none]),
        samples: randomSamples(9, inputs: 3),
        loss: .meanSquared, pool: pool)
    }
  }

  @Test("signed importances go in their order, the most negative first")
  func signed() throws {
    let network = randomNetwork([6, 8, 3])
    let samples = valued(60, inputs: 6, outputs: 3)
    let criterion = GradientMagnitude(signed: true)
    let scores = criterion.importances(try context(network, samples, criterion))
    let all = scores.flatMap(\.elements)
    let (state, report) = try Pruner(criterion: criterion, compensation: NoCompensation()).prune(
      ModelState(network: network),
      to: .total(50, budget: Budget(policy: .global), limits: [.none, .none]),
      samples: samples, loss: .meanSquared, pool: pool)
    let threshold = all.sorted()[all.count - 50]
    let kept = state.network.layers.flatMap { layer in
      (0..<layer.weights.count).map { layer.mask?[$0] ?? true }
    }
    #expect(kept == all.map { $0 >= threshold })
    #expect(report.largestRemovedImportance == all.sorted()[all.count - 51])
    #expect(all.min()! < 0)
  }

  @Test("a subset of samples is drawn without replacement, by its seed, in order")
  func subset() {
    let samples = SampleSet(
      inputs: Matrix(rows: 50, columns: 1), targets: .labels(Array(repeating: 0, count: 50)),
      indices: (0..<40).map { Int32(49 - $0) })
    let drawn = samples.subset(15, seed: 7)
    #expect(drawn.count == 15 && Set(drawn.indices).count == 15)
    #expect(drawn.indices.allSatisfy { $0 >= 10 })
    #expect(drawn.indices == drawn.indices.sorted(by: >))
    #expect(samples.subset(15, seed: 7).indices == drawn.indices)
    #expect(samples.subset(15, seed: 8).indices != drawn.indices)
    #expect(samples.subset(40, seed: 7).indices == samples.indices)
  }
}

/// Scores one weight 0 and all others 1.
private struct Chosen: PruningCriterion {
  let layer: Int
  let weight: Int

  var name: String { "chosen" }

  func importances(_ context: ScoringContext) -> [Matrix] {
    context.network.layers.enumerated().map { index, layer in
      var result = Matrix(rows: layer.outputs, columns: layer.inputs, repeating: 1)
      if index == self.layer { result[weight / layer.inputs, weight % layer.inputs] = 0 }
      return result
    }
  }
}
