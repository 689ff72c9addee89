import Engine
import Foundation
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Distance between outputs")
struct OutputDistanceTests {
  private let pool = WorkerPool(threadCount: 2)
  private let network = NetworkFixture.network([4, 6, 3], activation: .tanh)
  // More than one block, the last one not full.
  private let samples = NetworkFixture.samples(700, inputs: 4, outputs: 3, labels: true)

  /// The network with its output layer's parameters moved by up to `size`.
  private func moved(by size: Float) -> Network {
    var other = network
    let noise = NetworkFixture.network([4, 6, 3], activation: .tanh, seed: 9)
    for index in other.layers[1].bias.indices {
      other.layers[1].bias[index] += size * noise.layers[1].bias[index]
    }
    return other
  }

  private func outputs(of network: Network) -> [[Double]] {
    let all = Predictor(network, pool: pool)
      .outputs(for: samples.inputs)
    return (0..<all.rows).map { all.row($0).map(Double.init) }
  }

  @Test("the divergence of softmax and of logistic outputs is Σ p log(p/q)")
  func definition() {
    let other = moved(by: 0.8)
    let distance = OutputDistance(from: network, on: samples, pool: pool)
    let pairs = zip(outputs(of: network), outputs(of: other))
    var (softmax, logistic) = (0.0, 0.0)
    for (old, new) in pairs {
      let (p, q) = (old.map(exp), new.map(exp))
      let (sumP, sumQ) = (p.reduce(0, +), q.reduce(0, +))
      softmax += zip(p, q).reduce(0) { $0 + $1.0 / sumP * log($1.0 / sumP / ($1.1 / sumQ)) }
      for (a, b) in zip(p, q) {
        let (one, other) = (a / (1 + a), b / (1 + b))
        logistic += one * log(one / other) + (1 - one) * log((1 - one) / (1 - other))
      }
    }
    let count = Double(samples.count)
    #expect(
      abs(distance.meanDivergence(to: other, of: .softmax) - softmax / count) < 1e-6)
    #expect(
      abs(distance.meanDivergence(to: other, of: .logistic) - logistic / count) < 1e-6)
    #expect(distance.meanDivergence(to: other, of: .softmax) > 1e-3)
  }

  @Test("nothing moves: 0; outputs that all move alike: 0 for softmax only")
  func zero() {
    let distance = OutputDistance(from: network, on: samples, pool: pool)
    #expect(distance.meanDivergence(to: network, of: .softmax) == 0)
    #expect(distance.meanDivergence(to: network, of: .logistic) == 0)
    var shifted = network
    for index in shifted.layers[1].bias.indices { shifted.layers[1].bias[index] += 0.5 }
    #expect(distance.meanDivergence(to: shifted, of: .softmax) < 1e-6)
    #expect(distance.meanDivergence(to: shifted, of: .logistic) > 1e-2)
  }

  @Test("outputs that overflow are not taken for close ones")
  func overflow() {
    let distance = OutputDistance(from: network, on: samples, pool: pool)
    var other = network
    other.layers[1].bias[0] = .infinity
    #expect(!distance.meanDivergence(to: other, of: .softmax).isFinite)
  }

  @Test(
    "distances are mean squares over samples, summed over outputs",
    arguments: [1, 16, 511, 512, 1200])
  func meanSquare(count: Int) {
    var random = SeededGenerator(seed: 3)
    let inputs = Matrix(rows: count, columns: 2, random.floats(count * 2))
    let samples = SampleSet(
      inputs: inputs, targets: .labels(Array(repeating: 0, count: count)),
      indices: (0..<Int32(count)).reversed())
    let network = Network(
      layers: [
        DenseLayer(
          name: "output", weights: Matrix(rows: 2, columns: 2, [1, 2, 3, 4]), bias: [0, 0],
          activation: .identity)
      ])
    let distance = OutputDistance(
      from: network, on: samples, pool: WorkerPool(threadCount: 2))
    #expect(distance.meanSquare(to: network) == 0)
    var moved = network
    moved.layers[0].bias = [0.5, -1]
    moved.layers[0].weights[1, 0] += 2
    let expected = (0..<count).reduce(0.0) {
      let change = 2 * Double(inputs[$1, 0]) - 1
      return $0 + 0.25 + change * change
    }
    #expect(abs(distance.meanSquare(to: moved) - expected / Double(count)) < 1e-5)
  }
}
