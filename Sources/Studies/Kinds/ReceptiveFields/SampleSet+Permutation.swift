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

  /// The targets of these samples, in their order, with other inputs [samples, features].
  func replacingInputs(_ inputs: Matrix) -> SampleSet {
    precondition(inputs.rows == count, "a row for every sample")
    var result: SampleSet
    switch targets {
    case .labels(let labels):
      result = SampleSet(inputs: inputs, targets: .labels(indices.map { labels[Int($0)] }))
    case .values(let values):
      var own = Matrix(rows: count, columns: values.columns)
      for (sample, row) in indices.enumerated() {
        for column in 0..<values.columns { own[sample, column] = values[Int(row), column] }
      }
      let exact = exactTargets.map { exact in
        indices.flatMap { row in
          exact[(Int(row) * values.columns)..<((Int(row) + 1) * values.columns)]
        }
      }
      result = SampleSet(
        inputs: inputs, targets: .values(own), indices: (0..<Int32(count)).map { $0 },
        exactTargets: exact)
    }
    result.blocks = blocks
    return result
  }
}
