import Engine
import NeuralNetworks
import NumericCore
import Pruning
import TestSupport
import Testing

@Suite("Statistics of a network")
struct NetworkStatisticsTests {
  private let pool = WorkerPool(threadCount: 2)

  @Test(
    "give the importances and shifts of automatic differentiation under the metric output",
    arguments: ["ec/digits-relu", "ec/scalar-tanh", "ec/vector-prelu"])
  func goldenOutput(name: String) throws {
    // Any regression loss makes fisher the same metric.
    try expectGolden(name, metric: .output, loss: .crossEntropy())
    try expectGolden(name, metric: .fisher, loss: .huber())
  }

  @Test(
    "give those under the metrics fisher and none",
    arguments: [
      "fisher/softmax-relu", "fisher/softmax-confident", "fisher/softmax-linear",
      "fisher/logistic-silu", "fisher/logistic-single", "fisher/none-tanh",
    ])
  func goldenMetrics(name: String) throws {
    let metric = try GoldenCase(name).description.metric
    try expectGolden(
      name, metric: metric == "none" ? .none : .fisher,
      loss: metric == "fisher-softmax" ? .crossEntropy() : .binaryCrossEntropy)
  }

  private func expectGolden(_ name: String, metric: OutputMetric, loss: Loss) throws {
    let golden = try GoldenCase(name)
    let network = try golden.network()
    let statistics = try NetworkStatistics(
      of: network, on: golden.samples(), metric: metric, loss: loss, pool: pool)
    for (index, layer) in network.layers.enumerated() {
      let found = statistics.elimination(index, layer: layer, pool: pool)
      let importance = try golden.array("I\(index + 1)").values
      #expect(importance.contains { $0 > 0 })
      #expect(agrees(found.importance.elements, importance), "\(name) \(layer.name)")
      #expect(
        agrees(found.shift.elements, try golden.array("D\(index + 1)").values),
        "\(name) \(layer.name)")
    }
  }

  @Test(
    "keep three digits of inputs with mean 1000 and deviation 1", arguments: OutputMetric.allCases)
  func offset(metric: OutputMetric) throws {
    var random = SeededGenerator(seed: 5)
    let rows = 2000
    let inputs = Matrix(
      rows: rows, columns: 6, random.floats(rows * 6, bound: 3.0.squareRootFloat).map { 1000 + $0 })
    var network = randomNetwork([6, 8, 5, 3])
    // Biases that undo the mean keep units away from saturation.
    for unit in 0..<8 {
      network.layers[0].bias[unit] = -1000 * network.layers[0].weights.row(unit).reduce(0, +)
    }
    let samples = unlabelled(inputs)
    let statistics = try NetworkStatistics(
      of: network, on: samples, metric: metric, loss: .crossEntropy(), pool: pool)
    let expected = referenceElimination(
      network.reference, samples: samples.rows, metric: metric.softmaxReference)
    for (index, layer) in network.layers.enumerated() {
      let found = statistics.elimination(index, layer: layer, pool: pool)
      for (value, truth) in zip(found.importance.elements, expected[index].importance) {
        #expect(abs(Double(value) - truth) <= 1e-3 * truth)
      }
      for (value, truth) in zip(found.shift.elements, expected[index].shift) {
        #expect(abs(Double(value) - truth) <= 1e-3 * abs(truth))
      }
    }
  }

  @Test("keep their digits in sorted data, whose first samples are unlike the rest")
  func sorted() throws {
    let rows = 3000
    var random = SeededGenerator(seed: 6)
    let noise = random.floats(rows * 3)
    let inputs = Matrix(
      rows: rows, columns: 3, (0..<rows * 3).map { Float($0 / 3) / 3 + noise[$0] })
    let network = randomNetwork([3, 2])
    let samples = unlabelled(inputs)
    let statistics = try NetworkStatistics(
      of: network, on: samples, metric: .output, loss: .meanSquared, pool: pool)
    let found = statistics.elimination(0, layer: network.layers[0], pool: pool)
    let expected = referenceElimination(
      network.reference, samples: samples.rows, metric: .euclidean)
    #expect(agrees(found.importance.elements, expected[0].importance))
    #expect(agrees(found.shift.elements, expected[0].shift))
  }

  @Test(
    "give a unit without influence importance 0 and shift 0",
    arguments: [OutputMetric.output, .fisher])
  func deadUnit(metric: OutputMetric) throws {
    var network = randomNetwork([5, 4, 3], activation: .relu)
    network.layers[0].bias[1] = -100  // never fires
    for output in 0..<3 { network.layers[1].weights[output, 2] = 0 }  // heard by no one
    let statistics = try NetworkStatistics(
      of: network, on: randomSamples(50, inputs: 5), metric: metric, loss: .crossEntropy(),
      pool: pool)
    let lower = statistics.elimination(0, layer: network.layers[0], pool: pool)
    for unit in 0..<4 {
      let influences = unit == 0 || unit == 3
      #expect(lower.importance.row(unit).allSatisfy { influences ? $0 > 0 : $0 == 0 })
      #expect(lower.shift.row(unit).allSatisfy { influences ? $0 != 0 : $0 == 0 })
    }
    // Its constant output 0 costs nothing to do without.
    let upper = statistics.elimination(1, layer: network.layers[1], pool: pool)
    for output in 0..<3 {
      #expect(upper.importance[output, 1] == 0 && upper.shift[output, 1] == 0)
    }
  }

  @Test(
    "give saturated sigmoids importance 0 and shift 0, never NaN", arguments: [-40, 40, -90, 90])
  func saturated(bias: Float) throws {
    var network = randomNetwork([3, 2, 2], activation: .sigmoid)
    network.layers[0].bias = [bias * 10, bias * 10]
    let statistics = try NetworkStatistics(
      of: network, on: randomSamples(20, inputs: 3), metric: .output, loss: .meanSquared,
      pool: pool)
    let found = statistics.elimination(0, layer: network.layers[0], pool: pool)
    #expect(found.importance.elements.allSatisfy { $0 == 0 })
    #expect(found.shift.elements.allSatisfy { $0 == 0 })
  }

  @Test(
    "give a saturated classifier importance 0 and shift 0, never NaN",
    arguments: [Loss.crossEntropy(), .binaryCrossEntropy])
  func saturatedOutputs(loss: Loss) throws {
    var network = randomNetwork([3, 4, 3])
    network.layers[1].bias = [500, -500, -300]
    let statistics = try NetworkStatistics(
      of: network, on: randomSamples(20, inputs: 3), metric: .fisher, loss: loss, pool: pool)
    for (index, layer) in network.layers.enumerated() {
      let found = statistics.elimination(index, layer: layer, pool: pool)
      #expect(found.importance.elements.allSatisfy { $0 == 0 })
      #expect(found.shift.elements.allSatisfy { $0 == 0 })
    }
  }

  @Test("take the ratio for noise where S0 is below the smallest normal number a sample")
  func noise() throws {
    // One sample of 20 gives σ'(z)² = 1.3e-38, the others 0.
    let network = Network(layers: [
      DenseLayer(
        name: "hidden1", weights: Matrix(rows: 1, columns: 1, [16.4]), bias: [-60],
        activation: .sigmoid),
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 1, [1]), bias: [0], activation: .identity),
    ])
    var inputs = Matrix(rows: 20, columns: 1)
    inputs[7, 0] = 1
    let rare = unlabelled(inputs)
    let always = unlabelled(Matrix(rows: 20, columns: 1, repeating: 1))
    for (samples, shift) in [(rare, Float(0)), (always, 16.4)] {
      let statistics = try NetworkStatistics(
        of: network, on: samples, metric: .output, loss: .meanSquared, pool: pool)
      let found = statistics.elimination(0, layer: network.layers[0], pool: pool)
      #expect(found.importance[0, 0] == 0)
      #expect(found.shift[0, 0] == shift)
    }
  }

  @Test("keep the digits of predictions so confident that 1 - p is lost in rounding")
  func confident() throws {
    var network = randomNetwork([4, 6, 3])
    network.layers[1].bias = [19, 0, -1]
    let samples = randomSamples(100, inputs: 4)
    let statistics = try NetworkStatistics(
      of: network, on: samples, metric: .fisher, loss: .crossEntropy(), pool: pool)
    let expected = referenceElimination(network.reference, samples: samples.rows, metric: .softmax)
    for (index, layer) in network.layers.enumerated() {
      let found = statistics.elimination(index, layer: layer, pool: pool)
      #expect(agrees(found.importance.elements, expected[index].importance))
      #expect(agrees(found.shift.elements, expected[index].shift))
    }
  }

  @Test(
    "find a constant input free to remove and its shift exact", arguments: OutputMetric.allCases)
  func constantInput(metric: OutputMetric) throws {
    let network = randomNetwork([4, 5, 3])
    var samples = randomSamples(1500, inputs: 4).inputs
    for row in 0..<samples.rows { samples[row, 2] = 0.7 }
    let statistics = try NetworkStatistics(
      of: network, on: unlabelled(samples), metric: metric, loss: .crossEntropy(), pool: pool)
    let found = statistics.elimination(0, layer: network.layers[0], pool: pool)
    for unit in 0..<5 {
      let weight = network.layers[0].weights[unit, 2]
      #expect(found.importance[unit, 2] == 0)
      #expect(found.shift[unit, 2] == Float(Double(weight) * Double(Float(0.7))))
      #expect(found.importance[unit, 1] > 0)
    }
  }

  @Test("find everything free to remove on a single sample", arguments: OutputMetric.allCases)
  func singleSample(metric: OutputMetric) throws {
    let network = randomNetwork([4, 5, 3])
    let samples = randomSamples(1, inputs: 4)
    let statistics = try NetworkStatistics(
      of: network, on: samples, metric: metric, loss: .crossEntropy(), pool: pool)
    let found = statistics.elimination(0, layer: network.layers[0], pool: pool)
    #expect(found.importance.elements.allSatisfy { $0 == 0 })
    for unit in 0..<5 {
      for input in 0..<4 {
        let exact =
          Double(network.layers[0].weights[unit, input]) * Double(samples.inputs[0, input])
        #expect(found.shift[unit, input] == Float(exact))
      }
    }
  }

  @Test("refuse to measure without samples, naming what is missing")
  func noSamples() {
    let empty = SampleSet(inputs: Matrix(rows: 0, columns: 3), targets: .labels([]))
    #expect(throws: PruningError.noSamples) {
      try NetworkStatistics(
        of: randomNetwork([3, 2]), on: empty, metric: .output, loss: .meanSquared, pool: pool)
    }
  }

  @Test("name the layer whose weights are not finite, though relu hides it from the outputs")
  func brokenWeights() {
    var network = randomNetwork([3, 4, 4, 2], activation: .relu)
    network.layers[1].weights[2, 1] = .nan
    #expect(throws: PruningError.weightsNotFinite(layer: "hidden2")) {
      try NetworkStatistics(
        of: network, on: randomSamples(5, inputs: 3), metric: .output, loss: .meanSquared,
        pool: pool)
    }
    network.layers[1].weights[2, 1] = 0
    network.layers[2].bias[0] = .infinity
    #expect(throws: PruningError.weightsNotFinite(layer: "output")) {
      try NetworkStatistics(
        of: network, on: randomSamples(5, inputs: 3), metric: .none, loss: .meanSquared,
        pool: pool)
    }
  }

  @Test("name the first layer whose statistics are not finite")
  func brokenSamples() {
    let network = randomNetwork([3, 4, 2], activation: .relu)
    var inputs = randomSamples(2000, inputs: 3).inputs
    inputs[1999, 0] = .nan
    #expect(throws: PruningError.statisticsNotFinite(layer: "hidden1", metric: .fisher)) {
      try NetworkStatistics(
        of: network, on: unlabelled(inputs), metric: .fisher, loss: .crossEntropy(), pool: pool)
    }
    inputs[1999, 0] = 3e25  // its square fits no Float
    #expect(throws: PruningError.statisticsNotFinite(layer: "hidden1", metric: .output)) {
      try NetworkStatistics(
        of: network, on: unlabelled(inputs), metric: .output, loss: .crossEntropy(), pool: pool)
    }
  }
}

extension Double {
  fileprivate var squareRootFloat: Float { Float(squareRoot()) }
}

extension OutputMetric {
  fileprivate var softmaxReference: ReferenceMetric {
    switch self {
    case .output: .euclidean
    case .fisher: .softmax
    case .none: .none
    }
  }
}
