import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

/// Trajectories of a 4-5-3 network (prelu, then identity) under PyTorch's optimizers, full batch,
/// mean squared error, in float64.
struct OptimizerGolden: Decodable {
  struct Point: Decodable, Sendable {
    let step: Int
    let parameters: [Double]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    /// Before each step.
    let losses: [Double]
    /// The gradient's norm before clipping, for each step.
    let norms: [Double]
    let trajectory: [Point]

    var testDescription: String { name }
  }

  let torch: String
  let widths: [Int]
  let count: Int
  let inputs: [Float], targets: [Float]
  let start: [Float]
  let cases: [Case]

  /// The network that `start` describes.
  var network: Network {
    let (inputs, hidden, outputs) = (widths[0], widths[1], widths[2])
    let bias = hidden * inputs
    let slope = bias + hidden
    let lastBias = slope + 1 + outputs * hidden
    return Network(layers: [
      DenseLayer(
        name: "hidden1", weights: Matrix(rows: hidden, columns: inputs, Array(start[..<bias])),
        bias: Array(start[bias..<slope]), activation: .prelu, slope: start[slope]),
      DenseLayer(
        name: "output",
        weights: Matrix(rows: outputs, columns: hidden, Array(start[(slope + 1)..<lastBias])),
        bias: Array(start[lastBias...]), activation: .identity),
    ])
  }

  var samples: SampleSet {
    SampleSet(
      inputs: Matrix(rows: count, columns: widths[0], inputs),
      targets: .values(Matrix(rows: count, columns: widths[2], targets)))
  }
}

@Suite("Optimizers")
struct OptimizerTests {
  static let golden = try? GoldenFile.load("optimizers.json", as: OptimizerGolden.self)
  static let cases = golden?.cases ?? []
  /// Twelve steps of Float32 arithmetic on parameters about 1: each step adds a few roundings of
  /// 6e-8; Adam divides by small roots, which magnifies the rounding of small gradients.
  static let tolerance = 2e-6

  static func optimizer(_ name: String) -> (Optimizer, clipNorm: Double?)? {
    func sgd(
      _ rate: Double, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0
    ) -> Optimizer {
      .sgd(
        Optimizer.SGD(
          learningRate: rate, momentum: momentum, nesterov: nesterov, weightDecay: weightDecay))
    }
    return switch name {
    case "sgd": (sgd(0.1), nil)
    case "sgd weight decay": (sgd(0.1, weightDecay: 0.05), nil)
    case "sgd momentum": (sgd(0.05, momentum: 0.9), nil)
    case "sgd momentum weight decay": (sgd(0.05, momentum: 0.9, weightDecay: 0.05), nil)
    case "sgd nesterov": (sgd(0.05, momentum: 0.9, nesterov: true), nil)
    case "sgd nesterov weight decay":
      (sgd(0.05, momentum: 0.9, nesterov: true, weightDecay: 0.05), nil)
    case "adam": (.adam(Optimizer.Adam(learningRate: 0.01)), nil)
    case "adam betas":
      (
        .adam(Optimizer.Adam(learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-4)), nil
      )
    case "adam weight decay":
      (.adam(Optimizer.Adam(learningRate: 0.01, weightDecay: 0.05)), nil)
    case "adamw": (.adamW(Optimizer.Adam(learningRate: 0.01, weightDecay: 0.05)), nil)
    case "sgd momentum clipped": (sgd(0.05, momentum: 0.9), 0.2)
    case "sgd momentum hardly clipped": (sgd(0.05, momentum: 0.9), 100)
    default: nil
    }
  }

  @Test("The golden file holds every optimizer")
  func goldenFile() throws {
    let golden = try GoldenFile.load("optimizers.json", as: OptimizerGolden.self)
    #expect(golden.torch == "2.13.0" && golden.cases.count == 12)
    #expect(golden.cases.allSatisfy { Self.optimizer($0.name) != nil })
    let clipped = try #require(golden.cases.first { $0.name == "sgd momentum clipped" })
    #expect(clipped.norms.count == 12 && clipped.norms.allSatisfy { $0 > 0.2 })
  }

  @Test("Losses and parameters follow PyTorch's trajectory", arguments: cases)
  func trajectory(_ known: OptimizerGolden.Case) throws {
    let golden = try #require(Self.golden)
    let (optimizer, clipNorm) = try #require(Self.optimizer(known.name))
    let run = TrainingRun(
      state: ModelState(network: golden.network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 12, batch: golden.count, loss: .meanSquared, optimizer: optimizer,
        clipNorm: clipNorm),
      orderSeed: 4, training: golden.samples, validation: nil, pool: WorkerPool(threadCount: 1))
    for step in 1...12 {
      let report = try #require(try run.step())
      #expect(abs(report.trainingLoss - known.losses[step - 1]) < Self.tolerance)
      guard let point = known.trajectory.first(where: { $0.step == step }) else { continue }
      let ours = ReferenceNetwork(run.state.network).parameters
      let worst = zip(ours, point.parameters).map { abs($0 - $1) }.max()!
      #expect(ours.count == point.parameters.count && worst < Self.tolerance, "step \(step)")
    }
    #expect(run.isFinished)
  }

  @Test(
    "A pruned weight and its moments are exactly 0 after every step, and nothing else is",
    arguments: cases)
  func masked(_ known: OptimizerGolden.Case) throws {
    let (optimizer, clipNorm) = try #require(Self.optimizer(known.name))
    let network = NetworkFixture.network([6, 9, 8, 3], activation: .prelu, removing: 0.7)
    let run = TrainingRun(
      state: ModelState(network: network), progress: TrainingProgress(),
      settings: TrainingSettings(
        epochs: 2, batch: 8, loss: .crossEntropy(), optimizer: optimizer, clipNorm: clipNorm),
      orderSeed: 4, training: NetworkFixture.samples(19, inputs: 6, outputs: 3, labels: true),
      validation: nil, pool: WorkerPool(threadCount: 2))
    while !run.isFinished {
      _ = try run.step()
      let state = run.state
      for (index, layer) in state.network.layers.enumerated() {
        #expect(layer.mask == network.layers[index].mask)
        let moments =
          [state.optimizer!.first, state.optimizer!.second].filter { !$0.isEmpty }
          .map { $0[index].weights.bits }
        for numbers in moments + [layer.weights.bits] {
          #expect(
            numbers.indices.allSatisfy { (layer.mask?[$0] ?? true) || numbers[$0] == 0 })
          #expect(numbers.contains { $0 != 0 })
        }
      }
    }
    #expect(run.state.network != network)
  }
}
