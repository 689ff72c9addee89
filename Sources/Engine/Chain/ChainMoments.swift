import NumericCore

/// What an optimizer remembers of a chain's parameters, in the form of the parameters themselves: of a
/// compressed layer, moments of the survivors only.
///
/// A class, because training changes it in place.
package final class ChainMoments {
  /// Addresses of one moment of one layer.
  struct Place {
    let weights: UnsafeMutablePointer<Float>
    let bias: UnsafeMutablePointer<Float>
    let slope: UnsafeMutablePointer<Float>
  }

  private let memory = ChainMemory()
  private let parameters: ChainParameters
  /// Velocity or first moment, one a layer; empty for a rule without.
  let first: [Place]
  /// Second moment, one a layer; empty for a rule without.
  let second: [Place]

  /// Takes over moments, one a layer or none at all.
  package init(_ parameters: ChainParameters, first: [LayerMoments], second: [LayerMoments]) {
    precondition(first.isEmpty || first.count == parameters.count)
    precondition(second.isEmpty || second.count == parameters.count)
    self.parameters = parameters
    let memory = memory
    func places(_ layers: [LayerMoments]) -> [Place] {
      layers.enumerated().map { index, layer in
        precondition(layer.bias.count == parameters.layers[index].outputs)
        let weights = memory.zeros(parameters.layers[index].weightCount)
        parameters.fill(weights, from: layer.weights, layer: index)
        return Place(
          weights: weights, bias: memory.copy(layer.bias, padding: 0),
          slope: memory.copy([layer.slope], padding: 0))
      }
    }
    self.first = places(first)
    self.second = places(second)
  }

  /// The first moments as they stand.
  package var firstLayers: [LayerMoments] { layers(first) }
  /// The second moments as they stand.
  package var secondLayers: [LayerMoments] { layers(second) }

  private func layers(_ places: [Place]) -> [LayerMoments] {
    places.enumerated().map { index, place in
      LayerMoments(
        weights: parameters.matrix(place.weights, layer: index),
        bias: parameters.vector(place.bias, layer: index), slope: place.slope.pointee)
    }
  }
}
