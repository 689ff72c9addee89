import Engine
import Glibc
import NumericCore

/// Outputs of a model for raw inputs, block by block.
///
/// The network is prepared once, with sparse layers in compressed form; a call allocates nothing but
/// its result. One thread at a time may use a predictor.
package struct Predictor {
  private let targetScaling: AffineScaling?
  private let parameters: ChainParameters
  private let chain: InferenceChain

  package init(model: ModelState, pool: WorkerPool) {
    targetScaling = model.targetScaling
    parameters = ChainParameters(model.network, trains: false)
    chain = InferenceChain(
      parameters: parameters, capacity: Evaluator.blockSize,
      inputScaling: model.inputScaling.map { ($0.shift, $0.scale) }, pool: pool)
  }

  /// The network's outputs [rows, outputs] for raw `inputs` [rows, inputs]: input scaling applied,
  /// target scaling undone. A classifier gives logits, or probabilities when `probabilities` is set
  /// (softmax over several outputs, the logistic function of one).
  package func outputs(for inputs: Matrix, probabilities: Bool = false) -> Matrix {
    precondition(inputs.columns == parameters.inputs, "a column for every input")
    var result = Matrix(rows: inputs.rows, columns: parameters.outputs)
    if targetScaling == nil, !probabilities {
      chain.run(inputs, first: 0, count: inputs.rows, into: &result)
    } else {
      finishedOutputs(for: inputs, probabilities: probabilities, into: &result)
    }
    return result
  }

  private func finishedOutputs(
    for inputs: Matrix, probabilities: Bool, into result: inout Matrix
  ) {
    let capacity = max(1, min(Evaluator.blockSize, inputs.rows))
    var outputs = SampleBlock(features: parameters.outputs, capacity: capacity)
    var (p, q) = (outputs, outputs)
    var start = 0
    while start < inputs.rows {
      let rows = (Int32(start)..<Int32(min(start + capacity, inputs.rows))).map { $0 }
      chain.run(inputs, rows: rows[...], into: &outputs)
      if let targetScaling { outputs.undo(targetScaling) }
      if probabilities, parameters.outputs > 1 {
        outputs.softmax(p: &p, q: &q)
        p.scatter(into: &result, firstRow: start)
      } else {
        if probabilities {
          for sample in 0..<outputs.count {
            outputs.values[0, sample] = 1 / (1 + exp(-outputs.values[0, sample]))
          }
        }
        outputs.scatter(into: &result, firstRow: start)
      }
      start += rows.count
    }
  }
}
