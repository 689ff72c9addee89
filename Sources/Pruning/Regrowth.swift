import NeuralNetworks
import NumericCore
import Scheduler

/// Lets a round drop more weights than demanded and brings as many pruned ones of the same layer back:
/// those by which the loss would fall fastest. They start at 0. Counts stay as demanded, masks are no
/// longer nested.
///
/// Weights that the round has just dropped can come back too, as in the source.
///
/// Source: Evci et al., "Rigging the lottery: making all tickets winners", 2020, Sec. 3.
package struct Regrowth: Sendable, Equatable {
  /// The share of a layer's kept weights that is exchanged, in (0, 1).
  package let share: Double

  package init(share: Double) {
    precondition(share > 0 && share < 1, "a share of the kept weights")
    self.share = share
  }

  /// How many weights are exchanged in each of `layers` when `counts` stay: none where nothing is
  /// pruned or the layer is kept as it is, and never all.
  func exchanges(
    in layers: [LayerProfile], keeping counts: [Int], limits: [LayerLimits]?
  ) -> [Int] {
    layers.indices.map { index in
      let kept = counts[index]
      if kept < 2 || kept == layers[index].weights || limits?[index].keep == true { return 0 }
      return min(kept - 1, Int((share * Double(kept) + 0.5).rounded(.down)))
    }
  }

  /// Brings `counts` pruned weights of each layer back, those with the largest |dL/dw| over the
  /// samples of `context`; of equal ones the first in row-major order.
  ///
  /// - Throws: `PruningError.gradientNotFinite`, `.interrupted`.
  static func regrow(
    _ counts: [Int], in network: inout Network, _ context: ScoringContext
  ) throws(PruningError) {
    if counts.allSatisfy({ $0 == 0 }) { return }
    let gradients = LossGradient.weights(
      of: network, on: context.samples, loss: context.loss, pool: context.pool)
    try context.pool.checkInterruption()
    for (index, count) in counts.enumerated() where count > 0 {
      let layer = network.layers[index]
      guard var mask = layer.mask else { continue }
      let sizes = gradients[index].withSpan { span in span.indices.map { abs(span[$0]) } }
      let candidates = (0..<mask.count).filter { !mask[$0] }
      guard candidates.allSatisfy({ sizes[$0].isFinite }) else {
        throw .gradientNotFinite(layer: layer.name)
      }
      let order = candidates.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
      for weight in order.prefix(count) { mask.insert(weight) }
      network.layers[index].apply(mask)
    }
  }
}
