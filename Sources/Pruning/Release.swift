import Engine
import NeuralNetworks
import NumericCore

/// Lets removed weights grow back as small noise, so that training can find another use for them: the release
/// of squeeze and release.
///
/// In every layer with removed weights a share of these, drawn at random, is kept again. Each starts at
/// noise · s · g, with g standard normal and s the root of the mean square of the layer's weights that were
/// left (1 / √inputs where none were). The optimizer's moments of such weights are 0.
///
/// A function of the model, the seed and these numbers.
///
/// Source: arXiv 2606.14346, whose networks lose units before: shrink, let zeros inside grow back as small noise,
/// train on, prune again. What it says of share and noise is not known to us.
package struct Release: Sendable, Equatable {
  /// The share of a layer's removed weights that grows back, in (0, 1].
  package let share: Double
  /// How large they are beside those that were left, above 0.
  package let noise: Double

  package init(share: Double, noise: Double) {
    precondition(share > 0 && share <= 1 && noise > 0, "a share, and a size")
    self.share = share
    self.noise = noise
  }

  /// `state` with weights grown back.
  package func release(_ state: ModelState, seed: UInt64) -> ModelState {
    var state = state
    for (index, layer) in state.network.layers.enumerated() {
      guard let mask = layer.mask, mask.keptCount < mask.count else { continue }
      state.network.layers[index] = release(
        layer, mask, Philox(seed: seed, purpose: .releasedWeights, index: UInt64(index)))
    }
    return state
  }

  private func release(_ layer: DenseLayer, _ mask: Mask, _ draws: Philox) -> DenseLayer {
    var (mask, draws, weights) = (mask, draws, layer.weights)
    let size = noise * layer.size
    var candidates = mask.count - mask.keptCount
    var wanted = Int((share * Double(candidates) + 0.5).rounded(.down))
    for place in 0..<mask.count where !mask[place] {
      // Selection sampling: Knuth, TAOCP vol. 2, algorithm 3.4.2 S.
      let isChosen = draws.next(below: candidates) < wanted
      let normal = draws.nextNormalPair().0
      candidates -= 1
      guard isChosen else { continue }
      wanted -= 1
      mask.insert(place)
      weights[place / layer.inputs, place % layer.inputs] = Float(size * normal)
    }
    return DenseLayer(
      name: layer.name, weights: weights, bias: layer.bias, activation: layer.activation,
      slope: layer.slope, unitSlopes: layer.unitSlopes,
      mask: mask.keptCount < mask.count ? mask : nil)
  }
}

extension DenseLayer {
  /// The root of the mean square of the weights that are left; 1 / √inputs where there are none.
  fileprivate var size: Double {
    let sum = weights.withSpan { span in
      span.indices.reduce(0.0) { $0 + Double(span[$1]) * Double(span[$1]) }
    }
    return remaining == 0 || sum == 0
      ? 1 / Double(max(inputs, 1)).squareRoot() : (sum / Double(remaining)).squareRoot()
  }
}
