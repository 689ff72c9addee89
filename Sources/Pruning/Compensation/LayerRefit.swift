import Engine
import NeuralNetworks
import NumericCore

/// One layer's part of a least-squares compensation: what changes in each row that lost weights.
struct LayerRefit {
  /// One row.
  private struct Row {
    let unit: Int
    /// Inputs of surviving weights, and their new values; empty where only the bias moves.
    let kept: [Int]
    let weights: [Float]
    /// The new bias, with the survivors refitted and without.
    let bias: Float
    let shiftedBias: Float
  }

  private var rows: [Row] = []
  /// E‖Δz‖² over the samples, on the layer's former inputs.
  private(set) var errors = CompensationReport.Errors(shifted: 0, refitted: 0)

  /// - Parameters:
  ///   - layer: as it was before the removal.
  ///   - removed: row-major indices of what it loses.
  ///   - means: E[h a]/E[h] of a unit's inputs; nil for a unit without influence.
  ///   - regression: nil where no input varies.
  ///   - pool: where it is abandoned, the refit is empty.
  init(
    layer: DenseLayer, removed: [Int], means: (_ unit: Int) -> [Double]?,
    covariance: InputCovariance,
    regression: RidgeRegression?, pool: WorkerPool
  ) {
    if removed.isEmpty { return }
    let (inputs, questions) = (layer.inputs, Self.questions(of: layer, removed: removed))
    let deltas = regression?.corrections(of: questions.map(\.row), pool: pool)
    pool.askWhetherToStop()
    if pool.isAbandoned { return }
    var shifts = [Double](repeating: 0, count: questions.count * inputs)
    var refits = shifts
    var new: [[Float]] = []
    for (position, question) in questions.enumerated() {
      let (row, base) = (question.row, position * inputs)
      for (input, weight) in zip(row.removed, row.weights) {
        shifts[base + input] = -weight
        refits[base + input] = -weight
      }
      let old = row.kept.map { layer.weights[question.unit, $0] }
      var weights = old
      if let delta = deltas?[position] {
        for index in weights.indices { weights[index] = Float(Double(old[index]) + delta[index]) }
      }
      if !weights.allSatisfy(\.isFinite) { weights = old }
      for (index, input) in row.kept.enumerated() {
        refits[base + input] = Double(weights[index]) - Double(old[index])
      }
      new.append(weights)
    }
    let shiftVariances = covariance.variances(ofChanges: shifts, pool: pool)
    let refitVariances = covariance.variances(ofChanges: refits, pool: pool)
    var (shifted, refitted) = (0.0, 0.0)
    for (position, question) in questions.enumerated() {
      let range = (position * inputs)..<((position + 1) * inputs)
      let isBetter = refitVariances[position] <= shiftVariances[position]
      let change = isBetter ? refits[range] : shifts[range]
      let mean = means(question.unit) ?? covariance.mean
      // What each change does to the unit's weighted mean, and the bias takes back.
      let shift = -zip(shifts[range], mean).reduce(0) { $0 + $1.0 * $1.1 }
      let refit = -zip(change, mean).reduce(0) { $0 + $1.0 * $1.1 }
      let bias = Double(layer.bias[question.unit])
      let row = Row(
        unit: question.unit, kept: isBetter ? question.row.kept : [],
        weights: isBetter ? new[position] : [], bias: Float(bias + refit),
        shiftedBias: Float(bias + shift))
      rows.append(row)
      let shiftBias = covariance.meanChange(shifts[range]) + shift
      let refitBias = covariance.meanChange(change) + refit
      shifted += shiftVariances[position] + shiftBias * shiftBias
      refitted += (isBetter ? refitVariances : shiftVariances)[position] + refitBias * refitBias
    }
    errors = CompensationReport.Errors(shifted: shifted, refitted: refitted)
  }

  /// Changes `layer`, from which the weights have been removed.
  ///
  /// - Parameter weights: whether survivors change, or biases alone.
  func apply(to layer: inout DenseLayer, weights: Bool) {
    let inputs = layer.inputs
    for row in rows { layer.bias[row.unit] = weights ? row.bias : row.shiftedBias }
    guard weights else { return }
    layer.weights.withMutableSpan { span in
      for row in rows {
        for (input, weight) in zip(row.kept, row.weights) {
          span[row.unit * inputs + input] = weight
        }
      }
    }
  }

  /// What each row that loses weights asks of the regression.
  private static func questions(
    of layer: DenseLayer, removed: [Int]
  ) -> [(unit: Int, row: RidgeRegression.Row)] {
    let inputs = layer.inputs
    var lost: [(unit: Int, inputs: [Int])] = []
    for index in removed {
      let (unit, input) = (index / inputs, index % inputs)
      if lost.last?.unit == unit {
        lost[lost.count - 1].inputs.append(input)
      } else {
        lost.append((unit, [input]))
      }
    }
    return layer.weights.withSpan { weights in
      lost.map { unit, gone in
        var isGone = [Bool](repeating: false, count: inputs)
        for input in gone { isGone[input] = true }
        let kept = (0..<inputs).filter {
          !isGone[$0] && (layer.mask?[unit * inputs + $0] ?? true)
        }
        let values = gone.map { Double(weights[unit * inputs + $0]) }
        return (unit, RidgeRegression.Row(kept: kept, removed: gone, weights: values))
      }
    }
  }
}
