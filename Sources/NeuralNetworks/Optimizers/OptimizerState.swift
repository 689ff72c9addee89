import Engine
import NumericCore

/// What an optimizer remembers between steps.
package struct OptimizerState: Sendable, Equatable {
  /// Steps taken since the state was fresh; Adam's bias correction depends on it.
  package var steps: Int
  /// Velocity (SGD with momentum) or first moment (Adam), one a layer; empty for plain SGD.
  package var first: [LayerMoments]
  /// Second moment (Adam), one a layer; empty for SGD.
  package var second: [LayerMoments]

  package init(steps: Int, first: [LayerMoments], second: [LayerMoments]) {
    self.steps = steps
    self.first = first
    self.second = second
  }

  /// A state of zeros for `network` under `optimizer`.
  package init(fresh optimizer: Optimizer, for network: Network) {
    let zeros = network.layers.map(LayerMoments.init(zerosFor:))
    steps = 0
    switch optimizer {
    case .sgd(let settings):
      first = settings.momentum > 0 ? zeros : []
      second = []
    case .adam, .adamW:
      first = zeros
      second = zeros
    }
  }

  /// Whether a state of this form can serve `optimizer` on `network`.
  package func fits(_ optimizer: Optimizer, _ network: Network) -> Bool {
    let fresh = OptimizerState(fresh: optimizer, for: network)
    return sameShapes(first, fresh.first) && sameShapes(second, fresh.second)
  }

  private func sameShapes(_ a: [LayerMoments], _ b: [LayerMoments]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy {
        $0.weights.rows == $1.weights.rows && $0.weights.columns == $1.weights.columns
          && $0.bias.count == $1.bias.count
      }
  }

  /// Zeroes the moments of the weights that `network`'s masks remove.
  package mutating func apply(masksOf network: Network) {
    for (index, layer) in network.layers.enumerated() {
      guard let mask = layer.mask else { continue }
      if !first.isEmpty { first[index].apply(mask) }
      if !second.isEmpty { second[index].apply(mask) }
    }
  }
}
