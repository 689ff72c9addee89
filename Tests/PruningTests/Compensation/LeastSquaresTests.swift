import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import TestSupport
import Testing

@Suite("Least-squares compensation")
struct LeastSquaresTests {
  private let pool = WorkerPool(threadCount: 2)

  private func context(
    _ network: Network, _ samples: SampleSet, metric: OutputMetric = .output,
    of original: Network? = nil, after previous: ScoringContext? = nil
  ) throws -> ScoringContext {
    try ScoringContext(
      network: network, samples: samples, loss: .meanSquared, metrics: [metric], pool: pool,
      regressingTo: original ?? network, after: previous)
  }

  /// `network` without the weights `removed`, before anything makes up for them.
  private func cut(_ network: Network, _ removed: [[Int]]) -> Network {
    var result = network
    for (index, weights) in removed.enumerated() where !weights.isEmpty {
      let layer = result.layers[index]
      var mask = layer.mask ?? Mask(rows: layer.outputs, columns: layer.inputs)
      for weight in weights { mask.remove(weight) }
      result.layers[index].apply(mask)
    }
    return result
  }

  @Test(
    "refits layer after layer as NumPy's lstsq does, in two steps", arguments: ["relu", "tanh"])
  func golden(name: String) throws {
    let golden = try GoldenCase("refit/" + name)
    let (original, samples) = (try golden.network(), try golden.samples())
    var network = original
    var before: ScoringContext?
    for step in 1...2 {
      let context = try context(network, samples, of: original, after: before)
      let removed = try network.layers.indices.map { index in
        let gone = try golden.array("gone\(step)_\(index + 1)").values
        return gone.indices.filter { gone[$0] == 1 }
      }
      network = cut(network, removed)
      let report = try #require(
        LeastSquares(metric: .output).apply(to: &network, removed: removed, context))
      let errors = try golden.array("E\(step)").values
      for (index, layer) in network.layers.enumerated() {
        let weights = try golden.array("V\(step)_\(index + 1)").values
        let bias = try golden.array("c\(step)_\(index + 1)").values
        #expect(agrees(layer.weights.elements, weights))
        #expect(agrees(layer.bias, bias))
        let found = report.layers[index]
        #expect(abs(found.shifted - errors[2 * index]) <= 1e-4 * errors[2 * index])
        #expect(abs(found.refitted - errors[2 * index + 1]) <= 1e-4 * errors[2 * index + 1])
      }
      let output = try golden.array("O\(step)").values[0]
      #expect(abs(report.outputs.refitted - output) <= 1e-4 * output)
      #expect(report.outputs.shifted > report.outputs.refitted && report.seconds > 0)
      before = context
    }
  }

  @Test("layer by layer on its own, changes survivors as scipy's least squares does")
  func layerwise() throws {
    let golden = try GoldenCase("criteria/refit")
    let gone = try golden.array("gone").values
    let delta = try golden.array("delta").values
    let before = cut(try golden.network(), [gone.indices.filter { gone[$0] == 2 }])
    let removed = gone.indices.filter { gone[$0] == 1 }
    var network = cut(before, [removed])
    let samples = try golden.samples()
    let context = try context(before, samples)
    LeastSquares(metric: .output).layerwise(context)
      .apply(to: &network, removed: [removed], context)
    let (old, new) = (before.layers[0].weights.elements, network.layers[0].weights.elements)
    let inputs = before.inputs
    for index in gone.indices {
      if gone[index] != 0 {
        #expect(new[index] == 0)
      } else {
        #expect(abs(Double(new[index] - old[index]) - delta[index]) <= 2e-5)
      }
    }
    // The output layer's means are plain ones: b ← b + w_P·m_P − δ·m_S.
    for unit in 0..<before.outputs {
      var shift = 0.0
      for input in 0..<inputs {
        let index = unit * inputs + input
        let mean = (0..<samples.count).reduce(0.0) {
          $0 + Double(samples.inputs[$1, input]) / Double(samples.count)
        }
        if gone[index] == 1 { shift += Double(old[index]) * mean }
        if gone[index] == 0 { shift -= delta[index] * mean }
      }
      let moved = Double(network.layers[0].bias[unit] - before.layers[0].bias[unit])
      #expect(abs(moved - shift) <= 1e-4)
    }
    // The second row lost nothing.
    #expect(new[(inputs)..<(2 * inputs)] == old[(inputs)..<(2 * inputs)])
  }

  @Test(
    "moves no layer further from its target than its former survivors are on the same inputs",
    arguments: 1...6)
  func neverWorse(seed: UInt64) throws {
    let network = randomNetwork([12, 15, 9, 4], activation: .relu, seed: seed)
    let samples = randomSamples(seed % 2 == 0 ? 8 : 300, inputs: 12, seed: seed + 50)
    var random = SeededGenerator(seed: seed)
    let removed = network.layers.map { layer in
      Set(random.integers(layer.weights.count / 2, below: layer.weights.count)).sorted()
    }
    let context = try context(network, samples, metric: .none)
    var (shifted, refitted) = (cut(network, removed), cut(network, removed))
    BiasShift(metric: .none).apply(to: &shifted, removed: removed, context)
    let report = LeastSquares(metric: .none).apply(to: &refitted, removed: removed, context)!
    for index in network.layers.indices {
      let (old, new) = (inputs(of: index, network, samples), inputs(of: index, refitted, samples))
      // Units that nothing reads are left as they are.
      let isRead = (0..<network.layers[index].outputs).map { unit in
        guard index < 2, let mask = refitted.layers[index + 1].mask else { return true }
        return (0..<mask.rows).contains { mask[$0 * mask.columns + unit] }
      }
      func read(_ values: [Double]) -> [Double] {
        values.indices.filter { isRead[$0 % isRead.count] }.map { values[$0] }
      }
      let target = read(affine(network.layers[index], old))
      let error = squares(read(affine(refitted.layers[index], new)), target)
      // The means as measured and the weights are Float32.
      #expect(report.layers[index].refitted <= report.layers[index].shifted)
      #expect(abs(report.layers[index].refitted - error) <= 1e-3 * report.layers[index].shifted)
    }
    let distance = OutputDistance(from: network, on: samples, pool: pool)
    #expect(report.outputs.shifted == distance.meanSquare(to: shifted))
    #expect(report.outputs.refitted == distance.meanSquare(to: refitted))
    #expect(report.outputs.saving > 0)
  }

  @Test("removes inputs that others determine without any error but the ridge's")
  func determined() throws {
    let network = randomNetwork([3, 2])
    var samples = randomSamples(200, inputs: 3).inputs
    for row in 0..<200 { samples[row, 2] = samples[row, 0] - 2 * samples[row, 1] + 0.3 }
    let removed = [[2, 5]]
    var refitted = cut(network, removed)
    let report = LeastSquares(metric: .output).apply(
      to: &refitted, removed: removed, try context(network, unlabelled(samples)))!
    #expect(report.outputs.saving > 0.999)
  }

  @Test("makes up in layers that lose nothing for what those below no longer give")
  func above() throws {
    let network = randomNetwork([12, 15, 9, 4], activation: .relu)
    let samples = randomSamples(300, inputs: 12)
    let removed = [Array(0..<90), [], []]
    var refitted = cut(network, removed)
    let report = LeastSquares(metric: .output).apply(
      to: &refitted, removed: removed, try context(network, samples))!
    for index in 1...2 {
      #expect(refitted.layers[index].weights != network.layers[index].weights)
      #expect(report.layers[index].saving > 0.01)
    }
    let last = [[], [], [0, 5]]
    refitted = cut(network, last)
    LeastSquares(metric: .output).apply(
      to: &refitted, removed: last, try context(network, samples))
    #expect(refitted.layers[..<2] == network.layers[..<2])
  }

  @Test("leaves what is constant, dead, unread, empty or complete in order")
  func degenerate() throws {
    var network = randomNetwork([4, 5, 3], activation: .relu)
    for unit in 0..<5 where unit < 2 { network.layers[0].bias[unit] = -1000 }
    let constant = unlabelled(Matrix(rows: 6, columns: 4, repeating: 0.5))
    for samples in [constant, randomSamples(1, inputs: 4), randomSamples(40, inputs: 4)] {
      for removed in [
        [Array(0..<20), []], [[1, 2], Array(0..<15)], [[1, 2], [3, 8, 13]], [[], []],
      ] {
        var result = cut(network, removed)
        let context = try context(network, samples)
        let report = LeastSquares(metric: .output).apply(to: &result, removed: removed, context)!
        #expect(result.isFinite)
        #expect(report.layers.allSatisfy { $0.refitted.isFinite && $0.refitted >= 0 })
        for (index, layer) in result.layers.enumerated() {
          let weights = layer.weights.elements
          #expect(removed[index].allSatisfy { weights[$0] == 0 })
        }
        if removed == [[], []] { #expect(result == network) }
        if removed[1].count == 3 {
          #expect(result.layers[0].bias[3] == network.layers[0].bias[3])
          #expect(
            (12..<16).allSatisfy {
              result.layers[0].weights.elements[$0] == network.layers[0].weights.elements[$0]
            })
        }
      }
    }
  }

  @Test("keeps masks, zeros and the moments of survivors through steps, in the same bits")
  func steps() throws {
    let network = randomNetwork([20, 16, 5], activation: .relu)
    let ones = network.layers.map {
      LayerMoments(
        weights: Matrix(rows: $0.outputs, columns: $0.inputs, repeating: 1),
        bias: Array(repeating: 1, count: $0.outputs), slope: 1)
    }
    let state = ModelState(
      network: network, optimizer: OptimizerState(steps: 1, first: ones, second: ones))
    let counts = GeometricSteps.counts(from: 400, to: 90, steps: 5)
    let results = try [1, 2, 3].map { threads in
      try Pruner(
        criterion: EliminationCompensation(metric: .output),
        compensation: LeastSquares(metric: .output)
      ).prune(
        state,
        through: counts.map {
          .total($0, budget: Budget(policy: .global), limits: [.none, .none])
        },
        samples: randomSamples(300, inputs: 20), loss: .meanSquared,
        pool: WorkerPool(threadCount: threads))
    }
    #expect(results[0].state == results[1].state && results[0].report == results[1].report)
    #expect(results[0].state == results[2].state && results[0].report == results[2].report)
    let (result, report) = results[0]
    #expect(result.network.remaining == 90 && report.remaining == 90 && report.removed == 310)
    #expect(report.steps == 5 && report.compensation!.layers.count == 2)
    for (layer, moments) in zip(result.network.layers, result.optimizer!.first) {
      for index in 0..<layer.weights.count {
        let (row, column) = (index / layer.inputs, index % layer.inputs)
        #expect(moments.weights[row, column] == (layer.mask![index] ? 1 : 0))
        if !layer.mask![index] { #expect(layer.weights[row, column] == 0) }
      }
    }
  }

  // MARK: A layer by itself

  private func inputs(of index: Int, _ network: Network, _ samples: SampleSet) -> Matrix {
    if index == 0 { return samples.inputs }
    let below = Network(layers: Array(network.layers[..<index]))
    return Predictor(below, pool: pool).outputs(for: samples.inputs)
  }

  private func affine(_ layer: DenseLayer, _ inputs: Matrix) -> [Double] {
    (0..<inputs.rows).flatMap { row in
      (0..<layer.outputs).map { unit in
        (0..<layer.inputs).reduce(Double(layer.bias[unit])) {
          $0 + Double(layer.weights[unit, $1]) * Double(inputs[row, $1])
        }
      }
    }.map { $0 / Double(inputs.rows).squareRoot() }
  }

  private func squares(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
