import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Dropout")
struct DropoutTests {
  @Test(
    "The gradient of every parameter is the central difference of the loss under the same factors",
    arguments: Activation.allCases, [0, 0.6])
  func gradient(activation: Activation, removing: Double) throws {
    let network = NetworkFixture.network([5, 7, 6, 3], activation: activation, removing: removing)
    let samples = NetworkFixture.samples(13, inputs: 5, outputs: 3, labels: true)
    try BackwardTests.compare(network, .crossEntropy(), samples, dropout: [0.25, 0.5])
    try BackwardTests.compare(network, .crossEntropy(), samples, dropout: [0, 0.75])
  }

  @Test("A rate of 0 everywhere gives the bits of a training without dropout, others do not")
  func none() throws {
    let network = NetworkFixture.network([5, 7, 6, 3], activation: .tanh)
    let samples = NetworkFixture.samples(13, inputs: 5, outputs: 3, labels: true)
    func gradient(_ dropout: [Double]) throws -> [LayerMoments] {
      try GradientProbe.gradient(
        of: network, loss: .crossEntropy(), samples: samples, dropout: dropout
      ).layers
    }
    let whole = try gradient([])
    #expect(try gradient([0, 0]) == whole)
    #expect(try gradient([0.5, 0]) != whole && gradient([0, 0.5]) != whole)
  }

  @Test("A unit that is left out gives nothing to the layer above, and gets no gradient")
  func leftOut() throws {
    // With one sample a unit is there or not; what is not has neither incoming nor outgoing gradients.
    let network = NetworkFixture.network([5, 40, 3], activation: .sigmoid)
    let samples = NetworkFixture.samples(1, inputs: 5, outputs: 3, labels: true)
    let layers = try GradientProbe.gradient(
      of: network, loss: .crossEntropy(), samples: samples, dropout: [0.5]
    ).layers
    let factors = Self.factors(Dropout(rates: [0.5], seed: 1), layer: 0, units: 40, count: 1)[0]
    for unit in 0..<40 {
      let (row, column) = (layers[0].weights.row(unit), (0..<3).map { layers[1].weights[$0, unit] })
      #expect((row + column).allSatisfy { ($0 == 0) == (factors[unit] == 0) })
      #expect((layers[0].bias[unit] == 0) == (factors[unit] == 0))
    }
    #expect(factors.contains(0) && factors.contains(2))
  }

  @Test("The mean of a linear network's outputs over many draws is the output of the whole network")
  func expectation() {
    let network = NetworkFixture.network([5, 9, 6, 1], activation: .identity)
    let inputs = NetworkFixture.samples(16, inputs: 5, outputs: 1, labels: false).inputs
    // So far from a target the absolute error is the output, less the target.
    let far = SampleBlock.filled(-30, features: 1, count: 16)
    func sum(_ chain: TrainingChain, step: Int) -> Double {
      chain.propagate(
        inputs, rows: (0..<16).map { Int32($0) }[...], loss: .meanAbsolute, labels: [],
        values: far, scale: 1, step: step, ascends: false) - 16 * 30
    }
    func chain(_ dropout: Dropout?) -> TrainingChain {
      let parameters = ChainParameters(network, trains: true)
      return TrainingChain(
        parameters: parameters, moments: ChainMoments(parameters, first: [], second: []),
        capacity: 16, clips: false, dropout: dropout, pool: WorkerPool(threadCount: 1))
    }
    let whole = sum(chain(nil), step: 0)
    let dropping = chain(Dropout(rates: [0.3, 0.5], seed: 11))
    let count = 4000
    let sums = (0..<count).map { sum(dropping, step: $0) }
    let mean = sums.reduce(0, +) / Double(count)
    let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
    let error = (variance / Double(count)).squareRoot()
    #expect(error > 0.01 && error < 0.3)
    #expect(abs(mean - whole) < 4 * error)
  }

  /// What the units of layer `layer` are multiplied by in step 0, sample by sample.
  static func factors(
    _ dropout: Dropout, layer: Int, units: Int, count: Int
  ) -> [[Double]] {
    let padded = (count + 15) & ~15
    var values = [Float](repeating: 0, count: units * padded)
    values.withUnsafeMutableBufferPointer {
      dropout.factors(
        ofLayer: layer, step: 0, units: units, samples: 0..<padded, into: $0.baseAddress!,
        stride: padded)
    }
    return (0..<count).map { sample in (0..<units).map { Double(values[$0 * padded + sample]) } }
  }
}

extension SampleBlock {
  /// A block of one and the same value.
  fileprivate static func filled(_ value: Float, features: Int, count: Int) -> SampleBlock {
    var block = SampleBlock(features: features, capacity: count)
    block.use(count)
    block.values.withMutableSpan { span in for index in span.indices { span[index] = value } }
    return block
  }
}
