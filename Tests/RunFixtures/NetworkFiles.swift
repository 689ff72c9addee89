import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage
import TestSupport

/// Networks in files, for tests of what takes them.
package enum NetworkFiles {
  /// A 5-7-6-3 network, as `RunFixture` trains, with some of its weights pruned where `masked`.
  package static func network(
    _ activation: Activation = .relu, widths: [Int] = [5, 7, 6, 3], masked: Bool = false
  ) -> Network {
    var random = SeededGenerator(seed: 12)
    let count = widths.count - 1
    return Network(
      layers: (0..<count).map { index in
        let (inputs, outputs) = (widths[index], widths[index + 1])
        var mask = Mask(rows: outputs, columns: inputs)
        for weight in stride(from: 1, to: masked ? mask.count : 0, by: 3) { mask.remove(weight) }
        return DenseLayer(
          name: Network.layerName(index, of: count),
          weights: Matrix(rows: outputs, columns: inputs, random.floats(outputs * inputs)),
          bias: random.floats(outputs), activation: index == count - 1 ? .identity : activation,
          mask: masked ? mask : nil)
      })
  }

  /// `network` as PyTorch writes it, which says nothing of activations and masks.
  package static func stateDict(_ network: Network, prefix: String = "") throws -> [UInt8] {
    var tensors: [(name: String, shape: [Int], values: [Float])] = []
    for (index, layer) in network.layers.enumerated() {
      let name = prefix + "\(2 * index)"
      tensors.append(
        (name + ".weight", [layer.outputs, layer.inputs], layer.weights.elements))
      tensors.append((name + ".bias", [layer.outputs], layer.bias))
      if layer.activation == .prelu {
        tensors.append((prefix + "\(2 * index + 1).weight", [1], [layer.slope]))
      }
    }
    let header = try SafetensorsHeader(
      placing: tensors.map { ($0.name, .f32, $0.shape) }, metadata: ["format": "pt"])
    return header.bytes + tensors.flatMap { TensorValues.bytes($0.values) }
  }

  /// `state` as a checkpoint.
  package static func checkpoint(_ state: ModelState) throws -> [UInt8] {
    try Checkpoint.encode(
      CheckpointContents(state: state), level: 3, digest: { Digest.sha256($0) })
  }
}
