import Foundation
import Testing

/// The network in an exported file, computed here in double precision from the file's bytes.
struct ExportedNetwork {
  /// Weights [outputs][inputs] and biases, first layer first.
  let layers: [(weights: [[Double]], bias: [Double])]

  /// Reads the tensors `0.weight`, `0.bias`, `2.weight`, … of an `nn.Sequential`.
  init(safetensors bytes: Data) throws {
    let tensors = try Arrays.tensors(safetensors: bytes)
    let count = tensors.count / 2
    layers = try (0..<count).map { layer in
      let weight = try #require(tensors["\(2 * layer).weight"])
      let bias = try #require(tensors["\(2 * layer).bias"])
      let (outputs, inputs) = (weight.shape[0], weight.shape[1])
      try #require(bias.shape == [outputs])
      let rows = (0..<outputs).map { output in
        weight.values[output * inputs..<(output + 1) * inputs].map(Double.init)
      }
      return (rows, bias.values.map(Double.init))
    }
  }

  /// Weights that are not zero.
  var weightsLeft: Int { layers.flatMap { $0.weights.joined() }.count { $0 != 0 } }

  /// The outputs for raw `inputs`, with `activation` between the layers.
  func outputs(for inputs: [Float], activation: (Double) -> Double) -> [Double] {
    var values = inputs.map(Double.init)
    for (index, layer) in layers.enumerated() {
      let sums = zip(layer.weights, layer.bias).map { weights, bias in
        zip(weights, values).reduce(bias) { $0 + $1.0 * $1.1 }
      }
      values = index + 1 < layers.count ? sums.map(activation) : sums
    }
    return values
  }
}
