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

  /// Names of columns that one sentence has.
  private static let namedColumns = 4

  /// Why the scalings of `state` cannot be folded in; nil where they can.
  package static func obstacle(to state: ModelState) -> String? {
    guard state.targetScaling != nil, let last = state.network.layers.last,
      last.activation != .identity
    else { return nil }
    return "\(FoldingError.outputActivation(layer: last.name, last.activation))"
  }

  /// A sentence for the inputs, and one for the targets, of `state` that a float32 network in raw units holds too
  /// coarsely: the step from one float32 to the next is more than a thousandth of what the scaling makes 1. Of
  /// several the first is told of, with the names of some.
  package static func losses(of state: ModelState) -> [String] {
    func losses(_ role: String, _ scaling: AffineScaling?, _ names: [String?]) -> [String] {
      guard let scaling else { return [] }
      let coarse: [(name: String, extent: String)] = scaling.shift.indices.compactMap { column in
        let (shift, spread) = (scaling.shift[column], abs(1 / scaling.scale[column]))
        // Weights are multiplied by the spread, or divided, and float32 ends at 1e±38.
        let isBeyond = abs(shift) > 1e30 || !(1e-30...1e30).contains(spread)
        guard isBeyond || Double(Float(shift).ulp) > 1e-3 * spread else { return nil }
        let values = isBeyond ? "\(shift)" : "\(Float(shift))"
        let difference = isBeyond ? "\(spread)" : "\(Float(spread))"
        let name = column < names.count ? names[column] : nil
        return (
          name ?? String(column), "values about \(values) that differ by about \(difference)"
        )
      }
      guard let first = coarse.first else { return [] }
      let some = coarse.prefix(Self.namedColumns).map(\.name).joined(separator: ", ")
      let more = coarse.count - Self.namedColumns
      let columns =
        coarse.count == 1
        ? "\(role) \(first.name)"
        : "\(coarse.count) \(role)s (\(some)\(more > 0 ? " and \(more) more" : ""))"
      return [
        "\(columns): float32 in raw units is too coarse for \(first.extent)"
          + (coarse.count == 1 ? "" : " (those of \(first.name))")
          + ", and the file has no others; subtract a constant from the data and train on these to export "
          + "the network"
      ]
    }
    let inputs = state.interface?.inputs ?? []
    return losses(
      "input", state.inputScaling,
      inputs.flatMap { Array(repeating: $0.name, count: $0.width) })
      + losses("target", state.targetScaling, state.interface?.targets.map(\.name) ?? [])
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
