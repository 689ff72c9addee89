import Engine
import NeuralNetworks
import NumericCore

/// The architectures that are timed; the same as in `Tests/peer-comparison/rows.json`.
package enum BenchNetwork: String, Sendable, CaseIterable {
  /// Bound by the overhead of a step.
  case small
  /// LeNet-300-100, the pruning literature's network for MNIST.
  case lenet
  /// The MNIST network of the elimination-compensation paper.
  case paper
  /// Bound by arithmetic and memory.
  case wide

  /// Inputs, then the outputs of each layer.
  package var widths: [Int] {
    switch self {
    case .small: [64, 128, 64, 10]
    case .lenet: [784, 300, 100, 10]
    case .paper: [784, 64, 64, 10]
    case .wide: [1024, 1024, 1024, 1024]
    }
  }

  /// The network, relu in its hidden layers, of which each weight is pruned with probability
  /// `sparsity`; dense at 0.
  package func network(sparsity: Double) -> Network {
    let widths = widths
    let count = widths.count - 1
    return Network(
      layers: (0..<count).map { index in
        let (inputs, outputs) = (widths[index], widths[index + 1])
        return DenseLayer(
          name: Network.layerName(index, of: count),
          weights: Initialization.heNormal.weights(
            outputs: outputs, inputs: inputs, layer: index, seed: 0),
          bias: Array(repeating: 0, count: outputs),
          activation: index == count - 1 ? .identity : .relu,
          mask: sparsity > 0
            ? .random(rows: outputs, columns: inputs, sparsity: sparsity, layer: index) : nil)
      })
  }
}

extension Philox.Purpose {
  /// Data and masks of benchmarks; the index tells them apart.
  package static let benchmark = Philox.Purpose(rawValue: 32)
}

extension Mask {
  /// A mask that keeps each weight with probability 1 − `sparsity`; a function of its arguments.
  static func random(rows: Int, columns: Int, sparsity: Double, layer: Int) -> Mask {
    var generator = Philox(seed: 1, purpose: .benchmark, index: UInt64(layer))
    var bytes = [UInt8](repeating: 0, count: (rows * columns + 7) / 8)
    for weight in 0..<(rows * columns) where generator.nextUnit() >= sparsity {
      bytes[weight >> 3] |= 1 << UInt8(weight & 7)
    }
    guard let mask = Mask(rows: rows, columns: columns, bytes: bytes) else {
      preconditionFailure("a bit for every weight, none behind the last")
    }
    return mask
  }
}

extension SampleSet {
  /// `count` samples of standard normal features with classes that mean nothing.
  static func random(count: Int, features: Int, classes: Int) -> SampleSet {
    var generator = Philox(seed: 2, purpose: .benchmark)
    let labels = (0..<count).map { _ in Int32(generator.next(below: classes)) }
    return SampleSet(
      inputs: .normal(rows: count, columns: features), targets: .labels(labels))
  }
}

extension Matrix {
  /// A matrix of standard normal numbers, a function of its shape.
  package static func normal(rows: Int, columns: Int) -> Matrix {
    var generator = Philox(seed: 3, purpose: .benchmark)
    var matrix = Matrix(rows: rows, columns: columns)
    matrix.withMutableSpan { span in
      var pair = (0.0, 0.0)
      for index in span.indices {
        if index % 2 == 0 { pair = generator.nextNormalPair() }
        span[index] = Float(index % 2 == 0 ? pair.0 : pair.1)
      }
    }
    return matrix
  }
}
