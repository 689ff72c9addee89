import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Backward through whole networks")
struct BackwardTests {
  /// Each gradient is a chain of Float32 sums of at most 13 terms over three layers: some tens of
  /// roundings of 6e-8, relative to the largest gradient.
  static let tolerance = 3e-6

  static let losses: [(Loss, labels: Bool)] = [
    (.crossEntropy(), true), (.crossEntropy(labelSmoothing: 0.1), true), (.meanSquared, false),
    (.meanAbsolute, false), (.huber(delta: 0.3), false), (.binaryCrossEntropy, false),
    (.binaryCrossEntropy, true),
  ]

  @Test(
    "The gradient of every parameter is the central difference of the loss, for every activation",
    arguments: Activation.allCases)
  func everyActivation(activation: Activation) throws {
    let network = NetworkFixture.network([5, 7, 6, 3], activation: activation)
    let samples = NetworkFixture.samples(13, inputs: 5, outputs: 3, labels: true)
    try Self.compare(network, .crossEntropy(), samples)
  }

  @Test("The same holds for every loss", arguments: losses)
  func everyLoss(loss: Loss, labels: Bool) throws {
    let network = NetworkFixture.network([5, 7, 6, 3], activation: .prelu)
    let samples = NetworkFixture.samples(13, inputs: 5, outputs: 3, labels: labels)
    try Self.compare(network, loss, samples)
  }

  @Test("The same holds where the output layer has an activation", arguments: Activation.allCases)
  func outputActivation(activation: Activation) throws {
    var network = NetworkFixture.network([5, 7, 3], activation: .tanh)
    let output = network.layers[1]
    network.layers[1] = DenseLayer(
      name: output.name, weights: output.weights, bias: output.bias, activation: activation)
    let samples = NetworkFixture.samples(13, inputs: 5, outputs: 3, labels: false)
    try Self.compare(network, .meanSquared, samples)
  }

  @Test(
    "The same holds with masks, where a removed weight has no gradient",
    arguments: [Activation.prelu, .gelu])
  func masked(activation: Activation) throws {
    let network = NetworkFixture.network([5, 7, 6, 3], activation: activation, removing: 0.6)
    #expect(network.remaining < network.weightCount)
    let samples = NetworkFixture.samples(17, inputs: 5, outputs: 3, labels: true)
    try Self.compare(network, .crossEntropy(), samples)
  }

  @Test(
    "The same holds for one layer, one input, one unit and one sample",
    arguments: [[4, 3], [1, 1, 1], [3, 1, 4, 2], [2, 17, 1]], [1, 16])
  func smallShapes(widths: [Int], count: Int) throws {
    let network = NetworkFixture.network(widths, activation: .silu)
    let samples = NetworkFixture.samples(
      count, inputs: widths[0], outputs: widths[widths.count - 1], labels: false)
    try Self.compare(network, .meanSquared, samples)
  }

  @Test("A batch that is not full takes the mean over the samples it has")
  func partialBatch() throws {
    let network = NetworkFixture.network([5, 7, 3], activation: .relu)
    let samples = NetworkFixture.samples(5, inputs: 5, outputs: 3, labels: true)
    let full = try GradientProbe.gradient(of: network, loss: .crossEntropy(), samples: samples)
    let partial = try GradientProbe.gradient(
      of: network, loss: .crossEntropy(), samples: samples, batch: 64)
    #expect(full.layers == partial.layers && full.loss == partial.loss)
  }

  @Test("Clipping to a norm beyond the gradient's changes no bit of it")
  func looseClipping() throws {
    let network = NetworkFixture.network([5, 7, 6, 3], activation: .prelu, removing: 0.3)
    let samples = NetworkFixture.samples(13, inputs: 5, outputs: 3, labels: true)
    let free = try GradientProbe.gradient(of: network, loss: .crossEntropy(), samples: samples)
    let loose = try GradientProbe.gradient(
      of: network, loss: .crossEntropy(), samples: samples, clipNorm: 1e6)
    #expect(free.layers == loose.layers)
  }

  @Test("Clipping scales weights, biases and slopes to the norm asked for")
  func clipping() throws {
    let network = NetworkFixture.network([5, 7, 6, 3], activation: .prelu)
    let samples = NetworkFixture.samples(13, inputs: 5, outputs: 3, labels: true)
    let free = try GradientProbe.gradient(of: network, loss: .crossEntropy(), samples: samples)
      .layers.flattened(like: network)
    let clipped = try GradientProbe.gradient(
      of: network, loss: .crossEntropy(), samples: samples, clipNorm: 0.05
    ).layers.flattened(like: network)
    let norm = free.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(norm > 0.1)
    for (before, after) in zip(free, clipped) {
      #expect(abs(after - before * 0.05 / norm) < 1e-8)
    }
  }

  /// Compares the gradient of a real step with differences of the loss in Double.
  static func compare(
    _ network: Network, _ loss: Loss, _ samples: SampleSet, dropout: [Double] = []
  ) throws {
    let gradients = try GradientProbe.gradient(
      of: network, loss: loss, samples: samples, dropout: dropout)
    var reference = ReferenceNetwork(network)
    reference.factors = factors(dropout, network, samples)
    let expectedLoss = reference.loss(loss, over: samples)
    #expect(abs(gradients.loss - expectedLoss) <= tolerance * max(1, expectedLoss))

    let kept = network.layers.flatMap { layer in
      (0..<layer.weights.count).map { layer.mask?[$0] ?? true }
        + Array(repeating: true, count: layer.outputs + (layer.activation == .prelu ? 1 : 0))
    }
    let start = reference.parameters
    let expected = start.indices.map { i in
      guard kept[i] else { return 0.0 }
      defer { reference.parameters[i] = start[i] }
      return centralDifference(at: start[i]) {
        reference.parameters[i] = $0
        return reference.loss(loss, over: samples)
      }
    }
    let ours = gradients.layers.flattened(like: network)
    let largest = expected.map(abs).max()!
    let worst = zip(ours, expected).map { abs($0 - $1) }.max()!
    #expect(ours.count == expected.count && largest > 1e-3)
    #expect(worst <= tolerance * max(largest, 0.1))
  }

  /// By what the probe's step multiplies the units of each hidden layer, sample by sample of the data.
  private static func factors(
    _ dropout: [Double], _ network: Network, _ samples: SampleSet
  ) -> [Int: [[Double]]] {
    if dropout.isEmpty { return [:] }
    let layers = dropout.indices.map {
      DropoutTests.factors(
        Dropout(rates: dropout, seed: 1), layer: $0, units: network.layers[$0].outputs,
        count: samples.count)
    }
    var order = Philox(seed: 1, purpose: .sampleOrder, index: 0)
    var result: [Int: [[Double]]] = [:]
    for (place, position) in order.permutation(samples.count).enumerated() {
      result[Int(samples.indices[position])] = layers.map { $0[place] }
    }
    return result
  }
}
