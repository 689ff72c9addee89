import Engine
import Glibc
import NumericCore

/// Outputs of a network, block by block.
///
/// The network is prepared once, with sparse layers in compressed form; a call allocates nothing but
/// its result. One thread at a time may use a predictor.
package struct Predictor {
  private let parameters: ChainParameters
  private let chain: InferenceChain
  private let pool: WorkerPool

  /// Bytes of inputs that are read at once where they lie in their file.
  private static let window = 16 << 20

  package init(_ network: Network, pool: WorkerPool) {
    self.pool = pool
    parameters = ChainParameters(network, trains: false)
    chain = InferenceChain(
      parameters: parameters, capacity: Evaluator.blockSize, pool: pool)
  }

  /// The network's outputs [rows, outputs] for `inputs` [rows, inputs], both in the network's units. A
  /// classifier gives logits, or probabilities when `probabilities` is set (softmax over several
  /// outputs, the logistic function of one).
  package func outputs(for inputs: Matrix, probabilities: Bool = false) -> Matrix {
    precondition(inputs.columns == parameters.inputs, "a column for every input")
    var result = Matrix(rows: inputs.rows, columns: parameters.outputs)
    if probabilities {
      writeProbabilities(for: inputs, into: &result)
    } else {
      chain.run(inputs, first: 0, count: inputs.rows, into: &result)
    }
    return result
  }

  /// The same, bit by bit, for inputs that may lie in their file, which are never in memory as a whole.
  package func outputs(for inputs: SampleInputs, probabilities: Bool = false) -> Matrix {
    switch inputs {
    case .resident(let matrix): return outputs(for: matrix, probabilities: probabilities)
    case .stored(let stored):
      let width = parameters.outputs
      var result = Matrix(rows: stored.rows, columns: width)
      // Whole blocks, as they are of inputs in memory.
      let blocks = max(1, Self.window / (4 * max(1, stored.columns) * Evaluator.blockSize))
      let most = blocks * Evaluator.blockSize
      var staged = Matrix(rows: 0, columns: stored.columns)
      for start in stride(from: 0, to: stored.rows, by: most) {
        let rows = (Int32(start)..<Int32(min(start + most, stored.rows))).map { $0 }
        if staged.rows != rows.count {
          staged = Matrix(rows: rows.count, columns: stored.columns)
        }
        stored.read(rows[...], into: &staged, at: 0, pool: pool)
        outputs(for: staged, probabilities: probabilities).withSpan { part in
          result.withMutableSpan { all in
            for i in part.indices { all[start * width + i] = part[i] }
          }
        }
      }
      return result
    }
  }

  private func writeProbabilities(for inputs: Matrix, into result: inout Matrix) {
    let capacity = max(1, min(Evaluator.blockSize, inputs.rows))
    var outputs = SampleBlock(features: parameters.outputs, capacity: capacity)
    var (p, q) = (outputs, outputs)
    var start = 0
    while start < inputs.rows {
      let rows = (Int32(start)..<Int32(min(start + capacity, inputs.rows))).map { $0 }
      chain.run(inputs, rows: rows[...], into: &outputs)
      if parameters.outputs > 1 {
        outputs.softmax(p: &p, q: &q)
        p.scatter(into: &result, firstRow: start)
      } else {
        for sample in 0..<outputs.count {
          outputs.values[0, sample] = 1 / (1 + exp(-outputs.values[0, sample]))
        }
        outputs.scatter(into: &result, firstRow: start)
      }
      start += rows.count
    }
  }
}
