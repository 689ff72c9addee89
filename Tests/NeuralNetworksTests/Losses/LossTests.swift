import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

/// Values and gradients of mean losses by PyTorch, in float64.
struct LossGolden: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let loss: String
    let parameter: Float?
    let count: Int, outputs: Int
    let y: [Float]
    let labels: [Int32]?
    let targets: [Float]?
    let value: Double
    let gradient: [Double]

    var testDescription: String { "\(loss) \(parameter ?? 0), \(count) samples" }

    var form: Loss? {
      switch loss {
      case "cross_entropy": .crossEntropy(labelSmoothing: parameter!)
      case "mse": .meanSquared
      case "mae": .meanAbsolute
      case "huber": .huber(delta: parameter!)
      case "binary_cross_entropy": .binaryCrossEntropy
      default: nil
      }
    }
  }

  let torch: String
  let cases: [Case]
}

@Suite("Loss")
struct LossTests {
  /// A few roundings of Float32 on values about 1.
  static let tolerance = 1e-6
  static let cases = (try? GoldenFile.load("losses.json", as: LossGolden.self).cases) ?? []

  @Test("The golden file holds every loss")
  func goldenFile() throws {
    let golden = try GoldenFile.load("losses.json", as: LossGolden.self)
    #expect(golden.torch == "2.13.0" && golden.cases.count == 28)
    #expect(golden.cases.allSatisfy { $0.form != nil })
  }

  @Test("Value and gradient are PyTorch's", arguments: cases)
  func golden(_ known: LossGolden.Case) throws {
    let loss = try #require(known.form)
    let targets: SampleSet.Targets =
      known.labels.map { .labels($0) }
      ?? .values(Matrix(rows: known.count, columns: known.outputs, known.targets!))
    let (value, gradient) = try LossProbe.evaluate(
      loss, outputs: Matrix(rows: known.count, columns: known.outputs, known.y), targets: targets)
    #expect(abs(value - known.value) <= Self.tolerance * max(1, known.value))
    for (ours, theirs) in zip(gradient, known.gradient) {
      #expect(abs(Double(ours) - theirs) <= Self.tolerance / Double(known.count))
    }
  }

  @Test("Only cross-entropy reads class labels")
  func labels() {
    #expect(Loss.crossEntropy().usesClassLabels)
    for loss in [Loss.meanSquared, .meanAbsolute, .huber(), .binaryCrossEntropy] {
      #expect(!loss.usesClassLabels)
    }
  }

  @Test("For losses on values a label is one-hot, or 0 and 1 for a single output")
  func labelsAsValues() throws {
    let labels: [Int32] = [2, 0, 1]
    let several = Matrix(rows: 3, columns: 3, [0, 0, 1, 0, 0, 0, 0, 0.5, 0])
    let (value, _) = try LossProbe.evaluate(
      .meanSquared, outputs: several, targets: .labels(labels))
    #expect(abs(value - (0 + 1 + 0.25) / 9) < Self.tolerance)
    let single = Matrix(rows: 3, columns: 1, [1, 0.5, 0])
    let (one, _) = try LossProbe.evaluate(
      .meanAbsolute, outputs: single, targets: .labels([1, 0, 1]))
    #expect(abs(one - (0 + 0.5 + 1) / 3) < Self.tolerance)
  }
}

/// Sees a loss from outside: sample i is the i-th unit vector, so that a network of one layer gives
/// column i of its weights for it, and the weights' gradient is that of the outputs.
enum LossProbe {
  /// Mean loss, and its gradient by the outputs, sample by sample.
  static func evaluate(
    _ loss: Loss, outputs: Matrix, targets: SampleSet.Targets
  ) throws -> (value: Double, gradient: [Float]) {
    let (count, width) = (outputs.rows, outputs.columns)
    var inputs = Matrix(rows: count, columns: count)
    var weights = Matrix(rows: width, columns: count)
    for sample in 0..<count {
      inputs[sample, sample] = 1
      for output in 0..<width { weights[output, sample] = outputs[sample, output] }
    }
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: weights, bias: Array(repeating: 0, count: width),
        activation: .identity)
    ])
    let samples = SampleSet(inputs: inputs, targets: targets)
    let pool = WorkerPool(threadCount: 1)
    let value = Evaluator(samples: samples, loss: loss, pool: pool).metrics(of: network).loss
    let gradient = try GradientProbe.gradient(of: network, loss: loss, samples: samples)
      .layers[0].weights
    return (
      value,
      (0..<count).flatMap { sample in (0..<width).map { gradient[$0, sample] } }
    )
  }
}
