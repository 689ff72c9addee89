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
  private let shares: ChainShares?
  /// Velocity or first moment, one a layer; empty for a rule without.
  let first: [Place]
  /// Second moment, one a layer; empty for a rule without.
  let second: [Place]

  /// Takes over moments, one a layer or none at all.
  ///
  /// - Parameter shares: keeps those of the rows that this process changes, and no others.
  package convenience init(
    _ parameters: ChainParameters, first: [LayerMoments], second: [LayerMoments],
    shares: ChainShares? = nil
  ) {
    precondition(first.isEmpty || first.count == parameters.count)
    precondition(second.isEmpty || second.count == parameters.count)
    var left = (first + second)[...]
    self.init(parameters, hasFirst: !first.isEmpty, hasSecond: !second.isEmpty, shares: shares) {
      left.removeFirst()
    }
  }

  /// Takes over moments one by one.
  ///
  /// - Parameters:
  ///   - shares: keeps those of the rows that this process changes, and no others.
  ///   - next: brings a layer's, all first moments before the second ones; each is let go before the next is asked for.
  package init(
    _ parameters: ChainParameters, hasFirst: Bool, hasSecond: Bool, shares: ChainShares?,
    next: () -> LayerMoments
  ) {
    self.parameters = parameters
    self.shares = shares
    let memory = memory
    func places(_ arePresent: Bool) -> [Place] {
      if !arePresent { return [] }
      return parameters.layers.indices.map { index in
        let layer = next()
        precondition(layer.bias.count == parameters.layers[index].outputs)
        return Place(
          weights: weights(layer.weights, layer: index),
          bias: memory.copy(layer.bias, padding: 0),
          slope: memory.copy([layer.slope], padding: 0))
      }
    }
    /// Where the moments of all weights would begin, of which those of the own rows are there.
    func weights(_ matrix: Matrix, layer index: Int) -> UnsafeMutablePointer<Float> {
      let layer = parameters.layers[index]
      let rows = shares?.ownRows(ofLayer: index) ?? 0..<layer.outputs
      let start = layer.start(ofRow: rows.lowerBound)
      let all = memory.zeros(layer.start(ofRow: rows.upperBound) - start) - start
      parameters.fill(all, from: matrix, layer: index, rows: rows)
      return all
    }
    first = places(hasFirst)
    second = places(hasSecond)
  }

  /// The first moments as they stand. Where ranks share them, every rank asks, and only the first is
  /// given all of them.
  package var firstLayers: [LayerMoments] { layers(first) }
  /// The second moments as they stand; see `firstLayers`.
  package var secondLayers: [LayerMoments] { layers(second) }

  private func layers(_ places: [Place]) -> [LayerMoments] {
    places.enumerated().map { index, place in
      let weights = weights(place, layer: index)
      return LayerMoments(
        weights: weights, bias: parameters.vector(place.bias, layer: index),
        slope: place.slope.pointee)
    }
  }

  /// The moments of all weights of a layer, and those of all biases in their place.
  private func weights(_ place: Place, layer index: Int) -> Matrix {
    guard let shares else { return parameters.matrix(place.weights, layer: index) }
    let layer = parameters.layers[index]
    let biases = shares.rows(place.bias, index: index)
    guard shares.collective.isFirst else {
      shares.collective.collect([
        shares.weights(place.weights, of: layer, index: index), biases,
      ])
      return Matrix(rows: 0, columns: 0)
    }
    let passing = ChainMemory()
    let all = passing.zeros(layer.weightCount)
    let rows = shares.ownRows(ofLayer: index)
    let own = layer.start(ofRow: rows.lowerBound)..<layer.start(ofRow: rows.upperBound)
    return withExtendedLifetime(passing) {
      (all + own.lowerBound).update(from: place.weights + own.lowerBound, count: own.count)
      shares.collective.collect([shares.weights(all, of: layer, index: index), biases])
      return parameters.matrix(all, layer: index)
    }
  }
}
