import Engine

/// A fully-connected network; the last layer's outputs are its outputs (logits for a classifier).
package struct Network: Sendable, Equatable {
  /// From the inputs upwards; at least one.
  package var layers: [DenseLayer]

  /// A network of `layers`, whose widths fit one another.
  package init(layers: [DenseLayer]) {
    precondition(!layers.isEmpty, "a network has at least one layer")
    for (lower, upper) in zip(layers, layers.dropFirst()) {
      precondition(lower.outputs == upper.inputs, "\(upper.name) takes what \(lower.name) gives")
    }
    self.layers = layers
  }

  package var inputs: Int { layers[0].inputs }
  package var outputs: Int { layers[layers.count - 1].outputs }

  /// Units of each layer, those of the input first.
  package var widths: [Int] { [inputs] + layers.map(\.outputs) }

  /// Prunable weights, removed ones included; biases and slopes never count.
  package var weightCount: Int { layers.reduce(0) { $0 + $1.weights.count } }
  /// Weights that are not pruned.
  package var remaining: Int { layers.reduce(0) { $0 + $1.remaining } }

  /// Whether a layer has a slope a unit, which training does not change.
  package var hasUnitSlopes: Bool { layers.contains { !$0.unitSlopes.isEmpty } }

  /// Whether all weights, biases and slopes are finite.
  package var isFinite: Bool {
    layers.allSatisfy(\.isFinite)
  }

  /// The name of layer `index` of `count`: hidden1, hidden2, …, output.
  package static func layerName(_ index: Int, of count: Int) -> String {
    index == count - 1 ? "output" : "hidden\(index + 1)"
  }
}
