import Engine
import ModelFiles
@testable import ModelFiles
import NeuralNetworks
import NumericCore

/// The checkpoint that files of differences are told from, in seeds and targets alike.
let knownBase: CheckpointBase = {
  func layer(_ name: String, inputs: Int, outputs: Int, isMasked: Bool) -> DenseLayer {
    var mask = Mask(rows: outputs, columns: inputs)
    for index in stride(from: 0, to: mask.count, by: 3) where isMasked { mask.remove(index) }
    let values = (0..<mask.count).map { mask[$0] ? Float($0) / 8 - 1 : 0 }
    return DenseLayer(
      name: name, weights: Matrix(rows: outputs, columns: inputs, values),
      bias: Array(repeating: 0.5, count: outputs),
      activation: name == "output" ? .identity : .relu, mask: isMasked ? mask : nil)
  }
  let network = Network(layers: [
    layer("hidden1", inputs: 5, outputs: 6, isMasked: true),
    layer("output", inputs: 6, outputs: 3, isMasked: false),
  ])
  return CheckpointBase(
    identity: CheckpointIdentity(key: "base", chain: 0, digest: anyDigest([])),
    state: ModelState(network: network))
}()
