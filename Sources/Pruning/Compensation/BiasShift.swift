import Engine
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

  package let name: String

  package init(metric: OutputMetric) {
    outputMetric = metric
    name = "ec"
  }

  private init(metric: OutputMetric, name: String) {
    outputMetric = metric
    self.name = name
  }

  /// Each unit keeps its mean over the samples, whatever it does to the outputs.
  package static let mean = BiasShift(metric: .none, name: "mean")

  package var metric: OutputMetric? { outputMetric }

  @discardableResult
  package func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport? {
    precondition(removed.count == network.layers.count, "a list of removed weights for each layer")
    for (index, indices) in removed.enumerated() where !indices.isEmpty {
      network.layers[index].shiftBias(
        by: shifts(ofLayer: index, context), of: indices)
    }
    return nil
  }

  package func layerwise(_ context: ScoringContext) -> any Compensation {
    KnownShifts(self, context)
  }

  /// d* of every weight of a layer, [outputs, inputs].
  fileprivate func shifts(ofLayer index: Int, _ context: ScoringContext) -> Matrix {
    context.statistics(outputMetric).elimination(
      index, layer: context.network.layers[index], pool: context.pool
    ).shift
  }
}

/// The same, of one context, with shifts that are computed once for many removals. Memory: 4 bytes a weight.
private struct KnownShifts: Compensation {
  let name: String
  let metric: OutputMetric?
  private let shifts: [Matrix]

  init(_ compensation: BiasShift, _ context: ScoringContext) {
    (name, metric) = (compensation.name, compensation.metric)
    shifts = context.network.layers.indices.map { compensation.shifts(ofLayer: $0, context) }
  }

  @discardableResult
  func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport? {
    for (index, indices) in removed.enumerated() where !indices.isEmpty {
      network.layers[index].shiftBias(by: shifts[index], of: indices)
    }
    return nil
  }
}

extension DenseLayer {
  /// Adds to each bias the shifts of the weights `indices`, ascending, of its unit.
  fileprivate mutating func shiftBias(by shifts: Matrix, of indices: [Int]) {
    let sums = RowSums(rows: outputs, columns: inputs).sums(of: shifts, at: indices)
    for (output, sum) in sums.enumerated() where sum != 0 {
      bias[output] = Float(Double(bias[output]) + sum)
    }
  }
}

extension Compensation where Self == BiasShift {
  /// The shifts that elimination-compensation under `metric` finds best.
  package static func ec(metric: OutputMetric) -> BiasShift { BiasShift(metric: metric) }
}
