import Glibc
import NumericCore

/// Outputs of a model for raw inputs, block by block.
package struct Predictor: Sendable {
  private let model: ModelState
  private let pool: WorkerPool

  package init(model: ModelState, pool: WorkerPool) {
    self.model = model
    self.pool = pool
  }

  /// The network's outputs [rows, outputs] for raw `inputs` [rows, inputs]: input scaling applied,
  /// target scaling undone. A classifier gives logits, or probabilities when `probabilities` is set
  /// (softmax over several outputs, the logistic function of one).
  package func outputs(for inputs: Matrix, probabilities: Bool = false) -> Matrix {
    precondition(inputs.columns == model.network.inputs, "a column for every input")
    let network = model.network
    var result = Matrix(rows: inputs.rows, columns: network.outputs)
    if inputs.rows == 0 { return result }
    let capacity = min(Evaluator.blockSize, inputs.rows)
    var block = SampleBlock(features: network.inputs, capacity: capacity)
    var pass = ForwardPass(for: network, capacity: capacity)
    var p = SampleBlock(features: network.outputs, capacity: capacity)
    var q = p
    var start = 0
    while start < inputs.rows {
      let rows = (Int32(start)..<Int32(min(start + capacity, inputs.rows))).map { $0 }
      block.gather(inputs, rows: rows[...], pool: pool)
      if let scaling = model.inputScaling { block.apply(scaling) }
      pass.run(network, input: block, pool: pool)
      var outputs = pass.outputs
      if let scaling = model.targetScaling { outputs.undo(scaling) }
      if probabilities, network.outputs > 1 {
        LossKernels.softmax(outputs, p: &p, q: &q)
        outputs = p
      } else if probabilities {
        for sample in 0..<outputs.count {
          outputs.values[0, sample] = 1 / (1 + exp(-outputs.values[0, sample]))
        }
      }
      outputs.scatter(into: &result, firstRow: start)
      start += rows.count
    }
    return result
  }
}

extension SampleBlock {
  /// x' = (x − shift) · scale, feature by feature, for the samples in use.
  mutating func apply(_ scaling: AffineScaling) {
    for feature in 0..<features {
      for sample in 0..<count {
        values[feature, sample] =
          (values[feature, sample] - scaling.shift[feature]) * scaling.scale[feature]
      }
    }
  }
}
