import Engine
import NeuralNetworks

extension ModelState {
  /// This model with the weights, biases and slopes of `origin`, which has the same shape; masks stay.
  ///
  /// A weight that `origin` had pruned and this model has not is 0.
  package func rewound(to origin: Network) -> ModelState {
    var model = self
    for (index, layer) in network.layers.enumerated() {
      let earlier = origin.layers[index]
      model.network.layers[index] = DenseLayer(
        name: layer.name, weights: earlier.weights, bias: earlier.bias,
        activation: layer.activation, slope: earlier.slope,
        unitSlopes: earlier.unitSlopes, mask: layer.mask)
    }
    return model
  }
}
