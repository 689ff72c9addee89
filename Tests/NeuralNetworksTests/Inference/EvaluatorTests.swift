import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

/// Metrics by scikit-learn.
struct MetricsGolden: Decodable {
  struct Regression: Decodable {
    let loss: Double, rmse: Double, mae: Double, r2: Double
    let targets: [Target]
  }
  struct Target: Decodable {
    let rmse: Double, mae: Double, r2: Double
  }

  let sklearn: String
  let outputs: [Float], targets: [Float], shift: [Double], scale: [Double]
  let scaled: Regression, original: Regression
  let logits: [Float], labels: [Int32]
  let accuracy: Double, logLoss: Double
  let single: [Float], binary: [Int32]
  let binaryAccuracy: Double, binaryLoss: Double
}

@Suite("Evaluator")
struct EvaluatorTests {
  /// A few roundings of Float32, relative.
  static let tolerance = 1e-6

  @Test("Regression metrics are scikit-learn's, in scaled and in original units")
  func regression() throws {
    let golden = try GoldenFile.load("metrics.json", as: MetricsGolden.self)
    let outputs = Matrix(rows: 13, columns: 2, golden.outputs)
    let targets = SampleSet.Targets.values(Matrix(rows: 13, columns: 2, golden.targets))
    let scaling = AffineScaling(shift: golden.shift, scale: golden.scale)
    for (form, expected) in [(nil, golden.scaled), (scaling, golden.original)] {
      let metrics = Self.metrics(outputs, targets, .meanSquared, targetScaling: form)
      #expect(abs(metrics.loss / expected.loss - 1) < Self.tolerance)
      #expect(metrics.rmse == nil && metrics.mae == nil)
      #expect(abs(metrics.nrmse! / (1 - expected.r2).squareRoot() - 1) < Self.tolerance)
      #expect(metrics.targets.count == expected.targets.count)
      for (own, target) in zip(metrics.targets, expected.targets) {
        #expect(abs(own.rmse / target.rmse - 1) < Self.tolerance)
        #expect(abs(own.mae / target.mae - 1) < Self.tolerance)
        #expect(abs(own.r2! / target.r2 - 1) < Self.tolerance)
      }
      #expect(abs(metrics.r2! / expected.r2 - 1) < Self.tolerance)
      #expect(metrics.accuracy == nil)
    }
  }

  @Test("Accuracy and loss of classes are scikit-learn's, for several outputs and for one")
  func classification() throws {
    let golden = try GoldenFile.load("metrics.json", as: MetricsGolden.self)
    let several = Self.metrics(
      Matrix(rows: 13, columns: 4, golden.logits), .labels(golden.labels), .crossEntropy())
    #expect(several.accuracy == golden.accuracy)
    #expect(abs(several.loss - golden.logLoss) < Self.tolerance * golden.logLoss)
    #expect(several.rmse == nil && several.r2 == nil)
    let one = Self.metrics(
      Matrix(rows: 13, columns: 1, golden.single), .labels(golden.binary), .binaryCrossEntropy)
    #expect(one.accuracy == golden.binaryAccuracy)
    #expect(abs(one.loss - golden.binaryLoss) < Self.tolerance)
  }

  @Test("Of equal outputs the first is the predicted class; a single output must be above 0")
  func ties() {
    let outputs = Matrix(rows: 3, columns: 3, [1, 1, 0, 0, 2, 2, -1, -1, -1])
    for (labels, accuracy) in [([0, 1, 0], 1.0), ([1, 2, 1], 0)] as [([Int32], Double)] {
      #expect(Self.metrics(outputs, .labels(labels), .crossEntropy()).accuracy == accuracy)
    }
    let single = Matrix(rows: 3, columns: 1, [0, -0.0, 1e-20])
    #expect(Self.metrics(single, .labels([0, 0, 1]), .binaryCrossEntropy).accuracy == 1)
  }

  @Test("r2 is the mean over the targets that vary")
  func varyingTargets() {
    let metrics = Self.metrics(
      Matrix(rows: 2, columns: 2, [0.5, 1, 0.5, 1]),
      .values(Matrix(rows: 2, columns: 2, [0, 2, 1, 2])), .meanSquared)
    #expect(metrics.targets.map(\.r2) == [0, nil] && metrics.r2 == 0)
  }

  @Test("r2 is not known where the targets do not vary")
  func constantTargets() {
    let metrics = Self.metrics(
      Matrix(rows: 4, columns: 1, [1, 2, 3, 4]),
      .values(Matrix(rows: 4, columns: 1, repeating: 2)), .meanSquared)
    #expect(metrics.r2 == nil && metrics.rmse == (6.0 / 4).squareRoot())
  }

  @Test("r2 keeps its digits when targets are far from 0")
  func farFromZero() {
    // 4096 apart from 0, errors of 1/8 and deviations of 1: exact in Float32.
    let targets: [Float] = [4095, 4097, 4095, 4097]
    let metrics = Self.metrics(
      Matrix(rows: 4, columns: 1, targets.map { $0 + 0.125 }),
      .values(Matrix(rows: 4, columns: 1, targets)), .meanSquared)
    #expect(abs(metrics.r2! - (1 - 0.015625)) < 1e-12)
  }

  @Test(
    "Blocks make no difference: numbers of samples around the block size",
    arguments: [1, 511, 512, 513])
  func blocks(count: Int) {
    let network = NetworkFixture.network([3, 4, 2], activation: .tanh)
    let samples = NetworkFixture.samples(count, inputs: 3, outputs: 2, labels: false)
    let metrics = Evaluator(
      samples: samples, loss: .meanAbsolute, pool: WorkerPool(threadCount: 2)
    ).metrics(of: network)
    let reference = ReferenceNetwork(network)
    let loss = reference.loss(.meanAbsolute, over: samples)
    let squares = reference.loss(.meanSquared, over: samples)
    #expect(abs(metrics.loss - loss) < Self.tolerance)
    let meanSquare = metrics.targets.reduce(0) { $0 + $1.rmse * $1.rmse } / 2
    #expect(abs(meanSquare.squareRoot() - squares.squareRoot()) < Self.tolerance)
    let meanAbsolute = metrics.targets.reduce(0) { $0 + $1.mae } / 2
    #expect(abs(meanAbsolute - loss) < Self.tolerance)
    #expect((metrics.r2 == nil) == (count == 1))
  }

  @Test("Metrics are the same bits on any number of threads")
  func threads() {
    let network = NetworkFixture.network([97, 211, 5], activation: .gelu)
    let samples = NetworkFixture.samples(530, inputs: 97, outputs: 5, labels: true)
    let metrics = [1, 2, 3, 5].map {
      Evaluator(
        samples: samples, loss: .crossEntropy(labelSmoothing: 0.1),
        pool: WorkerPool(threadCount: $0)
      ).metrics(of: network)
    }
    #expect(metrics.allSatisfy { $0 == metrics[0] })
  }

  @Test("Targets that float32 does not hold are compared in float64, with every loss on values")
  func exactTargets() {
    // In float32 the neighbours of 2^30 are 64 away.
    let base = Float(1 << 30)
    let inputs = Matrix(rows: 2, columns: 1, [0, 0])
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 1, [1]), bias: [base],
        activation: .identity)
    ])
    let samples = SampleSet(
      inputs: inputs, targets: .values(Matrix(rows: 2, columns: 1, [base, base])), indices: [0, 1],
      exactTargets: [Double(base) + 1, Double(base) - 3])
    for (loss, expected) in [
      (Loss.meanSquared, 5.0), (.meanAbsolute, 2), (.huber(delta: 2), (0.5 + 4) / 2),
    ] {
      let evaluator = Evaluator(samples: samples, loss: loss, pool: WorkerPool(threadCount: 1))
      let metrics = evaluator.metrics(of: network)
      #expect(metrics.loss == expected)
      #expect(metrics.mae == 2 && metrics.rmse == 5.0.squareRoot())
      #expect(evaluator.scores(of: network).losses.reduce(0, +) / 2 == expected)
    }
  }

  @Test(
    "A network near the ends of Float32 is measured by the outputs that predict gives",
    arguments: [1, 40])
  func subnormals(count: Int) {
    let network = NetworkFixture.chain(of: [1e36, 1e3])
    // A hundredth of the least normal number: the output is 0.1, and 0 where it is taken for 0.
    let value = Float.leastNormalMagnitude * 0.01
    let inputs = Matrix(rows: count, columns: 1, repeating: value)
    let pool = WorkerPool(threadCount: 2)
    let outputs = Predictor(network, pool: pool).outputs(for: inputs)
    #expect(outputs.elements.allSatisfy { abs($0 / (value * 1e36 * 1e3) - 1) < 1e-5 })
    let samples = SampleSet(inputs: inputs, targets: .values(outputs))
    let metrics = Evaluator(samples: samples, loss: .meanSquared, pool: pool).metrics(of: network)
    #expect(metrics.loss < 1e-12)
    #expect(OutputDistance(from: network, on: samples, pool: pool).meanSquare(to: network) == 0)
    var other = network
    other.layers[1].weights = Matrix(rows: 1, columns: 1, repeating: 2e3)
    let distance = OutputDistance(from: network, on: samples, pool: pool)
    let expected = Double(outputs[0, 0]) * Double(outputs[0, 0])
    #expect(abs(distance.meanSquare(to: other) / expected - 1) < 1e-4)
  }

  /// The metrics of given outputs: unit vectors through a layer whose weights they are.
  private static func metrics(
    _ outputs: Matrix, _ targets: SampleSet.Targets, _ loss: Loss,
    targetScaling: AffineScaling? = nil
  ) -> Metrics {
    var inputs = Matrix(rows: outputs.rows, columns: outputs.rows)
    var weights = Matrix(rows: outputs.columns, columns: outputs.rows)
    for sample in 0..<outputs.rows {
      inputs[sample, sample] = 1
      for output in 0..<outputs.columns { weights[output, sample] = outputs[sample, output] }
    }
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: weights, bias: Array(repeating: 0, count: outputs.columns),
        activation: .identity)
    ])
    return Evaluator(
      samples: SampleSet(inputs: inputs, targets: targets), loss: loss,
      targetScaling: targetScaling, pool: WorkerPool(threadCount: 1)
    ).metrics(of: network)
  }
}
