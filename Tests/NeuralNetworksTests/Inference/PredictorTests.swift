import Engine
import Foundation
import NeuralNetworks
import NumericCore
import Testing

@Suite("Predictor")
struct PredictorTests {
  /// A few roundings of Float32 on values about 1.
  static let tolerance = 2e-6

  @Test(
    "Outputs are the network's, whatever the number of samples and threads",
    arguments: [0, 1, 511, 512, 513], [1, 3])
  func outputs(count: Int, threads: Int) {
    let network = NetworkFixture.network([4, 6, 2], activation: .silu)
    let inputs = NetworkFixture.samples(count, inputs: 4, outputs: 2, labels: false).inputs
    let outputs = Predictor(network, pool: WorkerPool(threadCount: threads))
      .outputs(for: inputs)
    #expect(outputs.rows == count && outputs.columns == 2)
    let reference = ReferenceNetwork(network)
    var worst = 0.0
    for row in 0..<count {
      let expected = reference.outputs(for: inputs.row(row).map(Double.init))
      for output in 0..<2 {
        worst = max(worst, abs(Double(outputs[row, output]) - expected[output]))
      }
    }
    #expect(worst < Self.tolerance)
  }

  @Test(
    "Outputs of inputs that are read in pieces have the bits of those in memory",
    arguments: [false, true])
  func stored(probabilities: Bool) {
    // Of so many columns, a block is a piece.
    let network = NetworkFixture.network([8192, 3], activation: .relu)
    let inputs = NetworkFixture.samples(1100, inputs: 8192, outputs: 3, labels: true).inputs
    let counted = CountedInputs(inputs)
    let predictor = Predictor(network, pool: WorkerPool(threadCount: 2))
    let read = predictor.outputs(for: .stored(counted), probabilities: probabilities)
    #expect(read == predictor.outputs(for: inputs, probabilities: probabilities))
    #expect(counted.readings.withLock { $0 } == [512, 512, 76])
    #expect(predictor.outputs(for: .resident(inputs), probabilities: probabilities) == read)
  }

  @Test("Probabilities are the softmax of the logits and sum to 1", arguments: [1, 17, 513])
  func softmax(count: Int) {
    let network = NetworkFixture.network([4, 6, 3], activation: .relu)
    let inputs = NetworkFixture.samples(count, inputs: 4, outputs: 3, labels: true).inputs
    let predictor = Predictor(network, pool: WorkerPool(threadCount: 1))
    let logits = predictor.outputs(for: inputs)
    let probabilities = predictor.outputs(for: inputs, probabilities: true)
    for row in 0..<count {
      let terms = logits.row(row).map { exp(Double($0)) }
      let sum = terms.reduce(0, +)
      let shares = probabilities.row(row).map(Double.init)
      #expect(abs(shares.reduce(0, +) - 1) < Self.tolerance)
      #expect(zip(shares, terms).allSatisfy { abs($0 - $1 / sum) < Self.tolerance })
    }
  }

  @Test("Small numbers of a network in such units are not taken for 0", arguments: [1, 40])
  func small(count: Int) {
    let network = NetworkFixture.chain(of: [1e36, 1e-36])
    // Twice below the least normal number, on the way in and on the way out.
    let value = Float(sign: .plus, exponent: -130, significand: 1.47)
    let outputs = Predictor(network, pool: WorkerPool(threadCount: 2))
      .outputs(for: Matrix(rows: count, columns: 1, repeating: value))
    #expect(outputs.elements.allSatisfy { abs($0 / value - 1) < 1e-5 })
  }

  @Test("A single output's probability is its logistic function, however large")
  func logistic() {
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 1, repeating: 1), bias: [0],
        activation: .identity)
    ])
    let predictor = Predictor(network, pool: WorkerPool(threadCount: 1))
    let logits: [Float] = [0, 1, -1, 30, -30, 1e4, -1e4]
    let probabilities = predictor.outputs(
      for: Matrix(rows: 7, columns: 1, logits), probabilities: true
    ).elements
    for (logit, probability) in zip(logits, probabilities) {
      #expect(abs(Double(probability) - 1 / (1 + exp(-Double(logit)))) < Self.tolerance)
    }
  }

  @Test("Nothing in, nothing out, probabilities or not", arguments: [false, true])
  func empty(probabilities: Bool) {
    let network = NetworkFixture.network([4, 3], activation: .relu)
    let outputs = Predictor(network, pool: WorkerPool(threadCount: 1)).outputs(
      for: Matrix(rows: 0, columns: 4), probabilities: probabilities)
    #expect(outputs.rows == 0 && outputs.columns == 3)
  }
}
