import Engine
import NeuralNetworks
import NumericCore
import TestSupport

/// A random network of the given widths, names as in a schedule.
func randomNetwork(_ sizes: [Int], activation: Activation = .tanh, seed: UInt64 = 1) -> Network {
  var random = SeededGenerator(seed: seed)
  let count = sizes.count - 1
  return Network(
    layers: (0..<count).map { index in
      let (inputs, outputs) = (sizes[index], sizes[index + 1])
      let bound = 2 / Float(inputs).squareRoot()
      return DenseLayer(
        name: Network.layerName(index, of: count),
        weights: Matrix(
          rows: outputs, columns: inputs, random.floats(outputs * inputs, bound: bound)),
        bias: random.floats(outputs, bound: 0.5),
        activation: index == count - 1 ? .identity : activation)
    })
}

/// Random inputs around 0.5.
func randomSamples(_ count: Int, inputs: Int, seed: UInt64 = 2) -> SampleSet {
  var random = SeededGenerator(seed: seed)
  return unlabelled(
    Matrix(rows: count, columns: inputs, random.floats(count * inputs, bound: 2).map { $0 + 0.5 }))
}

extension Network {
  /// The same network for the reference in Double.
  var reference: [ReferenceMap] {
    layers.map {
      ReferenceMap(
        outputs: $0.outputs, inputs: $0.inputs, weights: $0.weights.elements, bias: $0.bias,
        activation: ReferenceActivation(rawValue: $0.activation.rawValue)!, slope: $0.slope)
    }
  }
}

extension SampleSet {
  /// Each sample's inputs.
  var rows: [[Float]] { indices.map { inputs.row(Int($0)) } }
}

/// A network of six inputs, nine hidden units and three outputs whose hidden units 2 and 7 do the same.
func networkWithTwins() -> Network {
  var network = randomNetwork([6, 9, 3])
  for input in 0..<6 {
    network.layers[0].weights[7, input] = network.layers[0].weights[2, input]
  }
  network.layers[0].bias[7] = network.layers[0].bias[2]
  for output in 0..<3 {
    network.layers[1].weights[output, 2] = 1
    network.layers[1].weights[output, 7] = output == 0 ? -0.8 : 1
  }
  return network
}
