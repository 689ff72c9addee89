import Engine
import NeuralNetworks
import NumericCore
import TestSupport

/// Networks and data for tests: small numbers, biases and slopes that are not 0.
enum NetworkFixture {
  /// A network of the given widths, inputs first, with an identity output layer. `removing` is the
  /// share of the weights that masks remove, in every second layer from the first.
  static func network(
    _ widths: [Int], activation: Activation, removing share: Double = 0, seed: UInt64 = 1
  ) -> Network {
    var generator = SeededGenerator(seed: seed)
    let count = widths.count - 1
    let layers = (0..<count).map { index in
      let (inputs, outputs) = (widths[index], widths[index + 1])
      let bound = (3 / Float(max(inputs, 1))).squareRoot()
      var layer = DenseLayer(
        name: Network.layerName(index, of: count),
        weights: Matrix(
          rows: outputs, columns: inputs, generator.floats(outputs * inputs, bound: bound)),
        bias: generator.floats(outputs, bound: 0.5),
        activation: index == count - 1 ? .identity : activation)
      if share > 0, index % 2 == 0 {
        var mask = Mask(rows: outputs, columns: inputs)
        let limit = UInt64(share * 1024)
        for i in 0..<mask.count where generator.next() % 1024 < limit { mask.remove(i) }
        layer.apply(mask)
      }
      return layer
    }
    return Network(layers: layers)
  }

  /// A network of one unit a layer, with these weights and no biases, relu between them.
  static func chain(of weights: [Float]) -> Network {
    Network(
      layers: weights.enumerated().map { index, weight in
        DenseLayer(
          name: Network.layerName(index, of: weights.count),
          weights: Matrix(rows: 1, columns: 1, repeating: weight), bias: [0],
          activation: index == weights.count - 1 ? .identity : .relu)
      })
  }

  /// `count` samples of values in [-1, 1), with labels or with target values in [0, 1).
  static func samples(
    _ count: Int, inputs: Int, outputs: Int, labels: Bool, seed: UInt64 = 2
  ) -> SampleSet {
    var generator = SeededGenerator(seed: seed)
    let data = Matrix(rows: count, columns: inputs, generator.floats(count * inputs))
    if labels {
      return SampleSet(
        inputs: data, targets: .labels(generator.integers(count, below: outputs).map(Int32.init)))
    }
    let values = generator.floats(count * outputs).map { ($0 + 1) / 2 }
    return SampleSet(
      inputs: data, targets: .values(Matrix(rows: count, columns: outputs, values)))
  }
}

extension Matrix {
  /// The elements' bit patterns: `==` on floats takes 0 for -0 and no NaN for itself.
  var bits: [UInt32] {
    elements.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
  }
}

extension ModelState {
  /// Every weight, bias, slope and moment, bit for bit.
  var bits: [[UInt32]] {
    let layers = network.layers.map { $0.weights.bits + ($0.bias + [$0.slope]).map(\.bitPattern) }
    let moments = [optimizer?.first ?? [], optimizer?.second ?? []].joined()
    return layers + [[UInt32(optimizer?.steps ?? 0)]]
      + moments.map { $0.weights.bits + ($0.bias + [$0.slope]).map(\.bitPattern) }
  }
}
