import Engine
import NeuralNetworks
import NumericCore

/// A network for others, which takes and gives raw units: the scalings around it are folded in.
///
/// x' = (x − s) ∘ c goes into the first layer (W' = W diag(c), b' = b − W (s ∘ c)), the targets'
/// y = y' / c + s into the last (W' = diag(1/c) W, b' = b / c + s), computed in Double and rounded
/// once. Pruned weights stay exact zeros.
package struct FoldedNetwork: Sendable {
  /// A layer with the scalings folded in.
  package struct Layer: Sendable {
    /// As the network has it, for its shape, activation and mask.
    package let original: DenseLayer
    /// [outputs, inputs], row-major, finite.
    package let weights: [Float]
    /// [outputs], finite.
    package let bias: [Float]
  }

  /// From the inputs upwards.
  package let layers: [Layer]

  /// Why the scalings of `state` cannot be folded in; nil where they can.
  package static func obstacle(to state: ModelState) -> String? {
    guard state.targetScaling != nil, let last = state.network.layers.last,
      last.activation != .identity
    else { return nil }
    return "\(FoldingError.outputActivation(layer: last.name, last.activation))"
  }

  /// The network of `state`.
  /// - Throws: `FoldingError`.
  package init(_ state: ModelState) throws(FoldingError) {
    let network = state.network.layers
    var layers: [Layer] = []
    for (index, layer) in network.enumerated() {
      let targets = index == network.count - 1 ? state.targetScaling : nil
      if targets != nil, layer.activation != .identity {
        throw .outputActivation(layer: layer.name, layer.activation)
      }
      layers.append(
        try Layer(
          layer, inputScaling: index == 0 ? state.inputScaling : nil, targetScaling: targets))
    }
    self.layers = layers
  }
}

extension FoldedNetwork.Layer {
  fileprivate init(
    _ layer: DenseLayer, inputScaling: AffineScaling?, targetScaling: AffineScaling?
  ) throws(FoldingError) {
    original = layer
    if inputScaling == nil, targetScaling == nil {
      (weights, bias) = (layer.weights.elements, layer.bias)
      try checkFinite()
      return
    }
    var weights = layer.weights.elements.map(Double.init)
    var bias = layer.bias.map(Double.init)
    let columns = layer.inputs
    if let scaling = inputScaling {
      precondition(scaling.shift.count == columns, "a scale for every input")
      for row in 0..<layer.outputs {
        var moved = 0.0
        for column in 0..<columns where weights[row * columns + column] != 0 {
          weights[row * columns + column] *= scaling.scale[column]
          moved += weights[row * columns + column] * scaling.shift[column]
        }
        bias[row] -= moved
      }
    }
    if let scaling = targetScaling {
      precondition(scaling.shift.count == layer.outputs, "a scale for every output")
      for row in 0..<layer.outputs {
        for column in 0..<columns where weights[row * columns + column] != 0 {
          weights[row * columns + column] /= scaling.scale[row]
        }
        bias[row] = bias[row] / scaling.scale[row] + scaling.shift[row]
      }
    }
    self.weights = weights.map { Float($0) }
    self.bias = bias.map { Float($0) }
    try checkFinite()
  }

  private func checkFinite() throws(FoldingError) {
    guard weights.allSatisfy(\.isFinite), bias.allSatisfy(\.isFinite), original.slope.isFinite,
      original.unitSlopes.allSatisfy(\.isFinite)
    else { throw .nonFinite(layer: original.name) }
  }
}
