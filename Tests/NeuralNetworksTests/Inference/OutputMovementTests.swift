import Engine
import Foundation
import NeuralNetworks
import NumericCore
import Testing

@Suite("Movement of outputs")
struct OutputMovementTests {
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

  private func divergence(to other: Network, of weighting: OutputWeighting) -> Double {
    let (old, new) = (network.layers, other.layers)
    return OutputMovement(
      from: old.map { ChainParameters([$0], trains: false) }, under: weighting,
      data: samples.inputs,
      rows: samples.indices, pool: pool
    ).distance(to: new.map { ChainParameters([$0], trains: false) }, from: 0)
  }

  @Test("the divergence of softmax and of logistic outputs is Σ p log(p/q)")
  func definition() {
    let other = moved(by: 0.8)
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
    #expect(abs(divergence(to: other, of: .softmax) - softmax / count) < 1e-6)
    #expect(abs(divergence(to: other, of: .logistic) - logistic / count) < 1e-6)
    #expect(divergence(to: other, of: .softmax) > 1e-3)
  }

  @Test("nothing moves: 0; outputs that all move alike: 0 for softmax only")
  func zero() {
    #expect(divergence(to: network, of: .softmax) == 0)
    #expect(divergence(to: network, of: .logistic) == 0)
    var shifted = network
    for index in shifted.layers[1].bias.indices { shifted.layers[1].bias[index] += 0.5 }
    #expect(divergence(to: shifted, of: .softmax) < 1e-6)
    #expect(divergence(to: shifted, of: .logistic) > 1e-2)
  }

  @Test("outputs that overflow are not taken for close ones")
  func overflow() {
    var other = network
    other.layers[1].bias[0] = .infinity
    #expect(!divergence(to: other, of: .softmax).isFinite)
  }
}
