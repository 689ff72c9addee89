import Engine
import NeuralNetworks
import NumericCore
import Pruning
import TestSupport
import Testing

@Suite("Networks of PReLU with a slope a unit") struct UnitSlopesTests {
  /// A 6-9-5-3 network with `slopes` behind its hidden layers: one each, or one a unit.
  private func network(slopes: [[Float]]) -> Network {
    let plain = randomNetwork([6, 9, 5, 3], activation: .prelu)
    return Network(
      layers: plain.layers.enumerated().map { index, layer in
        guard index < slopes.count else { return layer }
        let own = slopes[index]
        return DenseLayer(
          name: layer.name, weights: layer.weights, bias: layer.bias, activation: .prelu,
          slope: own.count == 1 ? own[0] : nil, unitSlopes: own.count == 1 ? [] : own)
      })
  }

  private let samples = randomSamples(37, inputs: 6)

  private func importances(_ network: Network, _ criterion: Criterion) throws -> [[Float]] {
    let pool = WorkerPool(threadCount: 1)
    let own = criterion.under(.output)
    let targets = SampleSet.Targets.labels((0..<37).map { Int32($0 % 3) })
    let context = try ScoringContext(
      network: network, samples: SampleSet(inputs: samples.inputs, targets: targets),
      loss: .crossEntropy(), metrics: [own.metric ?? .output], pool: pool)
    return try own.importances(context).map(\.elements)
  }

  @Test("slopes that are all the same are as one slope, to the bit", arguments: Criterion.allCases)
  func same(criterion: Criterion) throws {
    let one = network(slopes: [[0.125], [-0.5]])
    let many = network(
      slopes: [Array(repeating: 0.125, count: 9), Array(repeating: -0.5, count: 5)])
    #expect(try importances(one, criterion) == importances(many, criterion))
    for rows in [1, 37] {
      let inputs = Matrix(rows: rows, columns: 6, Array(samples.inputs.elements[..<(6 * rows)]))
      let outputs = [one, many].map {
        Predictor($0, pool: WorkerPool(threadCount: 1))
          .outputs(for: inputs)
      }
      #expect(outputs[0] == outputs[1])
    }
  }

  @Test("a unit's slope is its own: the last hidden layer's importances by hand")
  func own() throws {
    let slopes: [Float] = [0.5, -1, 0, 2, 0.25]
    let network = network(slopes: [[0.125], slopes])
    let found = try importances(network, Criterion.ec)[1]
    // h = σ'(z)² · Σ_k W_k², and the importance a variance of the inputs weighted by it.
    let (lower, layer, upper) = (network.layers[0], network.layers[1], network.layers[2])
    let inputs = (0..<37).map { row in
      (0..<9).map { unit -> Double in
        let z = (0..<6).reduce(Double(lower.bias[unit])) {
          $0 + Double(lower.weights[unit, $1]) * Double(samples.inputs[row, $1])
        }
        return z > 0 ? z : 0.125 * z
      }
    }
    for unit in 0..<5 {
      let gain = (0..<3).reduce(0.0) {
        $0 + Double(upper.weights[$1, unit]) * Double(upper.weights[$1, unit])
      }
      let h = inputs.map { a -> Double in
        let z = (0..<9).reduce(Double(layer.bias[unit])) {
          $0 + Double(layer.weights[unit, $1]) * a[$1]
        }
        return z > 0 ? gain : gain * Double(slopes[unit]) * Double(slopes[unit])
      }
      let total = h.reduce(0, +)
      for input in 0..<9 {
        let mean = zip(h, inputs).reduce(0) { $0 + $1.0 * $1.1[input] } / max(total, 1e-300)
        let variance = zip(h, inputs).reduce(0) {
          $0 + $1.0 * ($1.1[input] - mean) * ($1.1[input] - mean)
        }
        let weight = Double(layer.weights[unit, input])
        let expected = weight * weight * variance / 37
        #expect(abs(Double(found[unit * 9 + input]) - expected) < 1e-4 * max(expected, 1e-3))
      }
    }
  }
}
