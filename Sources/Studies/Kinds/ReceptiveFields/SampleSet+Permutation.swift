import NeuralNetworks
import NumericCore

extension SampleSet {
  /// The same samples with input `order[j]` in the place of input j: what images are without the neighbourhood of
  /// their pixels. To a fully-connected network they are as easy as they were.
  ///
  /// - Precondition: `order` has every input once, and the samples are in memory.
  package func permutingInputs(_ order: [Int]) -> SampleSet {
    precondition(order.sorted() == Array(0..<inputs.columns), "a permutation of the inputs")
    let columns = inputs.columns
    var permuted = Matrix(rows: count, columns: columns)
    permuted.withMutableSpan { target in
      inputs.withSpan { source in
        for (sample, row) in indices.enumerated() {
          for column in 0..<columns {
            target[sample * columns + column] = source[Int(row) * columns + order[column]]
          }
        }
      }
    }
    return replacingInputs(permuted)
  }
}
