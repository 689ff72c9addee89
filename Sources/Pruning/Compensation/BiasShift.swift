import NeuralNetworks
import NumericCore

/// Adds to each bias the optimal shifts of the weights its unit lost: b_i ← b_i + Σ_j d*_ij, with
/// d*_ij = w_ij · E[h a_j]/E[h]. To first order the shifts of one row are jointly optimal.
///
/// With the metric `none` the weighted mean is the plain one: each unit keeps its mean.
///
/// Source: Ballini et al., arXiv 2602.20467, Section 3.
package struct BiasShift: Compensation {
  private let outputMetric: OutputMetric

  package init(metric: OutputMetric) { outputMetric = metric }

  package var name: String { "ec" }

  package var metric: OutputMetric? { outputMetric }

  @discardableResult
  package func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport? {
    precondition(removed.count == network.layers.count, "a list of removed weights for each layer")
    let statistics = context.statistics(outputMetric)
    for (index, indices) in removed.enumerated() where !indices.isEmpty {
      let layer = context.network.layers[index]
      let shift = statistics.elimination(index, layer: layer, pool: context.pool).shift
      var sums = [Double](repeating: 0, count: layer.outputs)
      shift.withSpan { shift in
        for weight in indices { sums[weight / layer.inputs] += Double(shift[weight]) }
      }
      for (output, sum) in sums.enumerated() where sum != 0 {
        let bias = Double(network.layers[index].bias[output]) + sum
        network.layers[index].bias[output] = Float(bias)
      }
    }
    return nil
  }
}

extension Compensation where Self == BiasShift {
  /// The shifts that elimination-compensation under `metric` finds best.
  package static func ec(metric: OutputMetric) -> BiasShift { BiasShift(metric: metric) }
}
