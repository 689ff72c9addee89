import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

/// Networks with random masks, dead and identical units, zeros and slopes of all kinds, and their outputs by
/// definition.
enum RandomMasks {
  /// - Parameter share: of the weights that are removed from every layer; 1 removes nearly all.
  static func network(
    _ widths: [Int], _ activation: Activation, removing share: Double, seed: UInt64
  ) -> Network {
    var generator = SeededGenerator(seed: seed &* 31 &+ UInt64(share * 100))
    let limit = UInt64(share * 1000)
    let count = widths.count - 1
    return Network(
      layers: (0..<count).map { index in
        let (inputs, outputs) = (widths[index], widths[index + 1])
        var weights = Matrix(
          rows: outputs, columns: inputs, generator.floats(outputs * inputs, bound: 1))
        var bias = generator.floats(outputs, bound: 1)
        var mask = Mask(rows: outputs, columns: inputs)
        for place in 0..<mask.count {
          if generator.next() % 1000 < limit { mask.remove(place) }
          if generator.next() % 10 == 0 { weights[place / inputs, place % inputs] = 0 }
        }
        var slopes = generator.floats(outputs, bound: 1)
        // Every third unit becomes the same as the one before it.
        for unit in 1..<max(1, outputs) where generator.next() % 3 == 0 {
          for input in 0..<inputs {
            weights[unit, input] = weights[unit - 1, input]
            if mask[(unit - 1) * inputs + input] {
              mask.insert(unit * inputs + input)
            } else {
              mask.remove(unit * inputs + input)
            }
          }
          bias[unit] = bias[unit - 1]
          if generator.next() % 2 == 0 { slopes[unit] = slopes[unit - 1] }
        }
        let function = index == count - 1 && seed % 3 != 0 ? .identity : activation
        return DenseLayer(
          name: Network.layerName(index, of: count), weights: weights, bias: bias,
          activation: function, unitSlopes: function == .prelu && seed % 2 == 0 ? slopes : [],
          mask: share == 0 && seed % 2 == 0 ? nil : mask)
      })
  }

  /// Expects that two networks give the same, in Double, for a few inputs far and near. Biases and sums are
  /// rounded to Float32 once where units go, so that values differ by some units in the last place of what
  /// they are summed from.
  static func expectSame(_ a: Network, _ b: Network) throws {
    var generator = SeededGenerator(seed: 9)
    for bound: Float in [0, 1, 1, 10] {
      let input = generator.floats(a.inputs, bound: bound).map(Double.init)
      let (one, other) = (outputs(of: a, for: input), outputs(of: b, for: input))
      try #require(one.values.count == other.values.count)
      for (x, y) in zip(one.values, other.values) {
        #expect(abs(x - y) <= 2e-6 * max(1, one.size), "\(x) and \(y)")
      }
    }
  }

  /// The outputs, and the largest sum of absolute terms on the way to them.
  private static func outputs(
    of network: Network, for input: [Double]
  ) -> (values: [Double], size: Double) {
    var (values, size) = (input, 0.0)
    for layer in network.layers {
      guard let function = ReferenceActivation(rawValue: layer.activation.rawValue) else {
        preconditionFailure("a reference has every activation")
      }
      values = (0..<layer.outputs).map { unit in
        var sum = Double(layer.bias[unit])
        var terms = abs(sum)
        for (column, value) in values.enumerated() {
          let term = Double(layer.weights[unit, column]) * value
          sum += term
          terms += abs(term)
        }
        size = max(size, terms)
        let slope = layer.unitSlopes.isEmpty ? layer.slope : layer.unitSlopes[unit]
        return function.value(sum, slope: Double(slope))
      }
    }
    return (values, size)
  }
}
