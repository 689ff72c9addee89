import Engine
import NeuralNetworks
import Scheduler

/// The shape of a network before it has weights.
package struct Architecture: Sendable, Equatable {
  /// Width of the input, of every hidden layer, and of the output.
  package let widths: [Int]
  /// Between layers; the output layer has none.
  package let activation: Activation
  package let initialization: Initialization

  package init(widths: [Int], activation: Activation, initialization: Initialization) {
    precondition(widths.count >= 2 && widths.allSatisfy { $0 >= 1 })
    self.widths = widths
    self.activation = activation
    self.initialization = initialization
  }

  package var layerCount: Int { widths.count - 1 }

  /// hidden1, hidden2, …, output.
  package var layerNames: [String] {
    (0..<layerCount).map { Network.layerName($0, of: layerCount) }
  }

  /// Weights of the whole network.
  package var weightCount: Int { zip(widths, widths.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } }

  /// What the scheduler knows of the layers before any weight is removed.
  package func profiles() throws(BudgetError) -> [LayerProfile] {
    var profiles: [LayerProfile] = []
    for (index, name) in layerNames.enumerated() {
      profiles.append(
        try LayerProfile(name: name, outputs: widths[index + 1], inputs: widths[index]))
    }
    return profiles
  }

  /// Whether `network` has this shape, however many of its weights are pruned.
  package func fits(_ network: Network) -> Bool {
    contains(network) && network.layers.map(\.outputs) == Array(widths.dropFirst())
  }

  /// Whether `network` has this shape, or is what shrinking has left of it: with the same inputs and outputs
  /// and no more hidden units.
  package func contains(_ network: Network) -> Bool {
    network.layers.map(\.name) == layerNames && network.inputs == widths.first
      && network.outputs == widths.last
      && zip(network.layers, widths.dropFirst()).allSatisfy { $0.outputs <= $1 }
      && network.layers.enumerated().allSatisfy { index, layer in
        layer.activation == activation(ofLayer: index)
      }
  }

  /// The activation behind layer `index`; the last layer has none.
  func activation(ofLayer index: Int) -> Activation {
    index == layerCount - 1 ? .identity : activation
  }

  /// The initial network, a function of `seed` alone.
  package func network(seed: UInt64) -> Network {
    Network(
      layers: layerNames.enumerated().map { index, name in
        let (inputs, outputs) = (widths[index], widths[index + 1])
        return DenseLayer(
          name: name,
          weights: initialization.weights(
            outputs: outputs, inputs: inputs, layer: index, seed: seed),
          bias: initialization.biases(
            outputs: outputs, inputs: inputs, layer: index, seed: seed),
          activation: activation(ofLayer: index))
      })
  }
}
