import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import TestSupport
import Testing

@Suite("Pruning rounds")
struct PrunerTests {
  private let pool = WorkerPool(threadCount: 2)
  private let ec = Pruner(criterion: .ec(metric: .output), compensation: .ec(metric: .output))

  private func outputs(_ network: Network, _ inputs: Matrix) -> [Float] {
    Predictor(network, pool: pool).outputs(for: inputs).elements
  }

  @Test(
    "give the masks, biases and outputs of automatic differentiation",
    arguments: ["ec/digits-relu", "ec/scalar-tanh", "ec/vector-prelu"])
  func golden(name: String) throws {
    let golden = try GoldenCase(name)
    let network = try golden.network()
    let count = try Sparsity(golden.description.ratio!).removed(of: network.weightCount)
    #expect(count == golden.description.pruned)
    // The cases were made without regard to layers that lose everything.
    let limits = try network.layers.map { _ in try LayerLimits(allowsEmpty: true) }
    let (state, report) = try ec.prune(
      ModelState(network: network),
      to: .total(network.weightCount - count, budget: Budget(policy: .global), limits: limits),
      samples: golden.samples(), loss: .crossEntropy(), pool: pool)
    #expect(state.network.remaining == network.weightCount - count)
    #expect(report.removed == count && report.remaining == state.network.remaining)

    let threshold = Double(report.largestRemovedImportance!)
    for (index, layer) in state.network.layers.enumerated() {
      let importances = try golden.array("I\(index + 1)").values
      let kept = try golden.array("M\(index + 1)").values
      let tolerance = 1e-4 * importances.max()!
      for weight in 0..<importances.count where (kept[weight] == 1) != layer.isKept(weight) {
        #expect(abs(importances[weight] - threshold) <= tolerance)
      }
      #expect(agrees(layer.bias, try golden.array("bp\(index + 1)").values))
      #expect((0..<importances.count).allSatisfy { layer.isKept($0) || layer.weight($0) == 0 })
    }
    let expected = try golden.array("Yp").values
    let range = expected.max()! - expected.min()!
    let found = outputs(state.network, try golden.matrix("X"))
    #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) <= 1e-3 * range })
  }

  @Test(
    "remove exactly the demanded count of each layer",
    arguments: [[35, 14, 6], [0, 14, 1], [17, 3, 5]])
  func perLayer(counts: [Int]) throws {
    let network = randomNetwork([5, 7, 2, 3])
    let (state, report) = try ec.prune(
      ModelState(network: network), to: .layers(counts), samples: randomSamples(40, inputs: 5),
      loss: .meanSquared, pool: pool)
    #expect(state.network.layers.map(\.remaining) == counts)
    #expect(report.layers.map(\.remaining) == counts)
    #expect(report.layers.map(\.weights) == [35, 14, 6])
    #expect(report.layers.map(\.removed) == zip([35, 14, 6], counts).map { $0 - $1 })
    for (layer, part) in zip(state.network.layers, report.layers) {
      #expect(part.name == layer.name)
      #expect((part.largestRemovedImportance == nil) == (part.removed == 0))
      #expect((layer.mask == nil) == (part.removed == 0))
    }
  }

  @Test("remove the least important weights of the whole network")
  func globalThreshold() throws {
    let network = randomNetwork([6, 9, 4])
    let samples = randomSamples(60, inputs: 6)
    let statistics = try NetworkStatistics(
      of: network, on: samples, metric: .output, loss: .meanSquared, pool: pool)
    let (state, report) = try ec.prune(
      ModelState(network: network),
      to: .total(40, budget: Budget(policy: .global), limits: [.none, .none]), samples: samples,
      loss: .meanSquared, pool: pool)
    let all = network.layers.enumerated().flatMap { index, layer in
      statistics.elimination(index, layer: layer, pool: pool).importance.elements
    }
    let kept = state.network.layers.flatMap { layer in
      (0..<layer.weights.count).map { layer.isKept($0) }
    }
    let threshold = all.sorted()[all.count - 40 - 1]
    #expect(kept == all.map { $0 > threshold })
    #expect(report.largestRemovedImportance == threshold)
  }

  @Test("break ties by layer, then by row-major index")
  func ties() throws {
    // Constant inputs make every importance 0.
    let network = randomNetwork([3, 4, 2])
    let samples = unlabelled(Matrix(rows: 30, columns: 3, repeating: 0.7))
    for removed in [1, 5, 12, 15] {
      let (state, _) = try ec.prune(
        ModelState(network: network),
        to: .total(
          20 - removed, budget: Budget(policy: .global),
          limits: try network.layers.map { _ in
            try LayerLimits(allowsEmpty: true)
          }), samples: samples, loss: .meanSquared, pool: pool)
      let kept = state.network.layers.flatMap { layer in
        (0..<layer.weights.count).map { layer.isKept($0) }
      }
      #expect(kept == (0..<20).map { $0 >= removed })
    }
  }

  @Test("leave outputs as they are when only constant inputs go")
  func exactCompensation() throws {
    let network = randomNetwork([4, 6, 3])
    var inputs = randomSamples(200, inputs: 4).inputs
    for row in 0..<inputs.rows {
      inputs[row, 0] = -3
      inputs[row, 3] = 0.125
    }
    let (state, report) = try ec.prune(
      ModelState(network: network), to: .layers([12, 18]), samples: unlabelled(inputs),
      loss: .meanSquared, pool: pool)
    #expect(report.largestRemovedImportance == 0)
    let before = outputs(network, inputs)
    let after = outputs(state.network, inputs)
    #expect(zip(before, after).allSatisfy { abs($0 - $1) <= 1e-5 })
    #expect(state.network.layers[0].bias != network.layers[0].bias)
  }

  @Test("nest masks over rounds and never infer them from zeros")
  func nestedMasks() throws {
    var network = randomNetwork([8, 10, 6, 3])
    for input in 0..<8 { network.layers[0].weights[4, input] = 0 }
    var state = ModelState(network: network)
    // Zeros are removed first, so at 84 left of 80 + 60 + 18 all eight are gone; at 154 four are live.
    for kept in [154, 120, 60, 11] {
      let before = state.network
      state = try ec.prune(
        state, to: .total(kept, budget: Budget(policy: .global), limits: [.none, .none, .none]),
        samples: randomSamples(50, inputs: 8), loss: .meanSquared, pool: pool
      ).state
      #expect(state.network.remaining == kept)
      for (layer, old) in zip(state.network.layers, before.layers) {
        let mask = layer.mask ?? Mask(rows: layer.outputs, columns: layer.inputs)
        #expect(mask.isSubset(of: old.mask ?? Mask(rows: old.outputs, columns: old.inputs)))
        #expect((0..<mask.count).allSatisfy { mask[$0] || layer.weight($0) == 0 })
      }
      if kept == 154 {
        let mask = try #require(state.network.layers[0].mask)
        #expect((32..<40).map { mask[$0] } == [false, false, false, false, true, true, true, true])
      }
    }
  }

  @Test("rank only live weights once some are pruned")
  func prunedAreNotRanked() throws {
    let network = randomNetwork([4, 5])
    let samples = randomSamples(30, inputs: 4)
    let once = try ec.prune(
      ModelState(network: network), to: .layers([10]), samples: samples, loss: .meanSquared,
      pool: pool)
    let twice = try ec.prune(
      once.state, to: .layers([9]), samples: samples, loss: .meanSquared, pool: pool)
    #expect(twice.report.layers[0].removed == 1)
    #expect(twice.report.layers[0].largestRemovedImportance! > 0)
  }

  @Test("change nothing when nothing is to go")
  func nothing() throws {
    let state = ModelState(network: randomNetwork([3, 4, 2]), classes: ["a", "b"])
    let result = try ec.prune(
      state, to: .layers([12, 8]), samples: randomSamples(9, inputs: 3), loss: .meanSquared,
      pool: pool)
    #expect(result.state == state)
    #expect(result.report.largestRemovedImportance == nil)
  }

  @Test("zero the optimizer's moments of removed weights and no others")
  func moments() throws {
    let network = randomNetwork([3, 4, 2])
    let ones = network.layers.map {
      LayerMoments(
        weights: Matrix(rows: $0.outputs, columns: $0.inputs, repeating: 1),
        bias: Array(repeating: 1, count: $0.outputs), slope: 1)
    }
    let state = ModelState(
      network: network, optimizer: OptimizerState(steps: 5, first: ones, second: ones))
    let result = try ec.prune(
      state, to: .layers([5, 8]), samples: randomSamples(20, inputs: 3), loss: .meanSquared,
      pool: pool
    ).state
    let optimizer = try #require(result.optimizer)
    for moments in [optimizer.first, optimizer.second] {
      let layer = result.network.layers[0]
      #expect(moments[0].weights.elements == (0..<12).map { layer.isKept($0) ? 1 : 0 })
      #expect(moments[1] == ones[1])
      #expect(moments[0].bias == ones[0].bias)
    }
    #expect(optimizer.steps == 5)
  }

  @Test("end in the same bits for any number of threads", arguments: OutputMetric.allCases)
  func threads(metric: OutputMetric) throws {
    let pruner = Pruner(criterion: .ec(metric: metric), compensation: .ec(metric: metric))
    let state = ModelState(network: randomNetwork([37, 29, 13, 5], activation: .gelu))
    let samples = randomSamples(1300, inputs: 37)
    let results = try [1, 2, 3].map { threads in
      try pruner.prune(
        state, to: .total(200, budget: Budget(policy: .global), limits: [.none, .none, .none]),
        samples: samples,
        loss: .crossEntropy(), pool: WorkerPool(threadCount: threads))
    }
    #expect(results[0].state == results[1].state && results[0].report == results[1].report)
    #expect(results[0].state == results[2].state && results[0].report == results[2].report)
    #expect(results[0].state.network.remaining == 200)
  }

  @Test("pass on what the budget refuses")
  func infeasible() {
    let state = ModelState(network: randomNetwork([3, 4, 2]))
    let samples = randomSamples(9, inputs: 3)
    let tooMany = BudgetError.tooManyKept(demanded: 21, feasible: 20, total: 20)
    #expect(throws: PruningError.budget(tooMany)) {
      try ec.prune(
        state, to: .total(21, budget: Budget(policy: .global), limits: [.none, .none]),
        samples: samples,
        loss: .meanSquared, pool: pool)
    }
    for count in [13, -1] {
      let refusal = BudgetError.layerCount(layer: "hidden1", demanded: count, remaining: 12)
      #expect(throws: PruningError.budget(refusal)) {
        try ec.prune(
          state, to: .layers([count, 8]), samples: samples, loss: .meanSquared, pool: pool)
      }
    }
  }

  @Test("refuse a compensation that overflows a bias")
  func overflow() throws {
    var network = randomNetwork([1, 1])
    network.layers[0].weights[0, 0] = 3e30
    let samples = unlabelled(Matrix(rows: 4, columns: 1, repeating: 1e10))
    #expect(throws: PruningError.biasNotFinite(layer: "output")) {
      try ec.prune(
        ModelState(network: network), to: .layers([0]), samples: samples, loss: .meanSquared,
        pool: pool)
    }
  }
}

extension DenseLayer {
  /// Whether the mask keeps weight `index`.
  func isKept(_ index: Int) -> Bool { mask?[index] ?? true }

  func weight(_ index: Int) -> Float { weights[index / inputs, index % inputs] }
}
