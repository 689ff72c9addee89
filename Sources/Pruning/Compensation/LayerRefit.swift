import Engine
import NeuralNetworks
import NumericCore

/// The refit of one layer: the weights and biases of its rows that come nearest to their targets.
struct LayerRefit {
  /// One row.
  private struct Row {
    let unit: Int
    /// Inputs of surviving weights.
    let kept: [Int]
    let weights: [Float]
    let bias: Float
  }

  private let rows: [Row]
  /// E‖z − z*‖² over the rows that were refitted.
  let errors: CompensationReport.Errors

  /// - Parameters:
  ///   - layer: without the weights that are removed.
  ///   - units: whose rows are refitted.
  ///   - regression: by the layer's moments.
  ///   - means: E[h a]/E[h] of a unit's inputs, where z* is linear in them, by which its bias goes; nil for
  ///     plain means.
  ///   - pool: where it is abandoned, the refit is worth nothing.
  init(
    layer: DenseLayer, units: [Int], regression: RidgeRegression,
    means: (_ unit: Int) -> [Double]?, target: DenseLayer, pool: WorkerPool
  ) {
    let inputs = layer.inputs
    let moments = regression.moments
    let questions = layer.weights.withSpan { weights in
      units.map { unit in
        let first = unit * inputs
        let kept = (0..<inputs).filter { layer.mask?[first + $0] ?? true }
        return RidgeRegression.Row(
          unit: unit, kept: kept, weights: kept.map { weights[first + $0] })
      }
    }
    let fits = regression.sharedFits(of: questions, pool: pool)
    var (shifted, refitted) = (0.0, 0.0)
    rows = zip(questions, fits).map { question, fit in
      let unit = question.unit
      let (plain, weighted) = (moments.covariance.mean, means(unit))
      /// How far the unit's mean is off with a bias that meets its weighted mean, and that bias.
      func bias(_ weights: [Float]) -> (value: Double, error: Double) {
        let mean =
          moments.targetMean[unit]
          - zip(question.kept, weights).reduce(0) { $0 + plain[$1.0] * Double($1.1) }
        guard let weighted else { return (mean, 0) }
        var offset = 0.0
        for input in 0..<inputs {
          offset += Double(target.weights[unit, input]) * (weighted[input] - plain[input])
        }
        for (input, weight) in zip(question.kept, weights) {
          offset -= Double(weight) * (weighted[input] - plain[input])
        }
        return (mean + offset, offset)
      }
      let (former, new) = (bias(question.weights), bias(fit.weights))
      shifted += fit.errors.former + former.error * former.error
      refitted += fit.errors.fitted + new.error * new.error
      return Row(
        unit: unit, kept: question.kept, weights: fit.weights, bias: Float(new.value))
    }
    errors = CompensationReport.Errors(shifted: shifted, refitted: refitted)
  }

  /// Changes `layer` into what it is refitted to.
  func apply(to layer: inout DenseLayer) {
    let inputs = layer.inputs
    for row in rows { layer.bias[row.unit] = row.bias }
    layer.weights.withMutableSpan { span in
      for row in rows {
        for (input, weight) in zip(row.kept, row.weights) {
          span[row.unit * inputs + input] = weight
        }
      }
    }
  }
}
