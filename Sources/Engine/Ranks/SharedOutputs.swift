import NumericCore

/// Outputs of a chain for some samples, which ranks compute between them: each has some of the blocks of
/// samples, and the first is given all of them.
package struct SharedOutputs {
  /// Of each block [outputs, samples] as `SampleBlock` has them, one behind the other.
  private var values: Matrix
  private let blockSize: Int
  private let count: Int

  /// Brings the inputs of a block of each rank; no rows for a rank that has none left. Calls its body with a matrix,
  /// and with where in it those of this rank are.
  package typealias Inputs = (
    _ rows: [ArraySlice<Int32>], _ body: (_ data: Matrix, _ places: ArraySlice<Int32>) -> Void
  ) -> Void

  /// Every rank calls this with the same, but for `inputs`.
  ///
  /// - Parameters:
  ///   - rows: the samples, at least one.
  ///   - blockSize: samples that go through the chain at a time, by which bits may go.
  ///   - inputs: is called as often on each rank, with the same rows.
  package init(
    of parameters: ChainParameters, rows: [Int32], blockSize: Int,
    among collective: any Collective, pool: WorkerPool, inputs: Inputs
  ) {
    let capacity = min(blockSize, rows.count)
    var block = SampleBlock(features: parameters.outputs, capacity: capacity)
    let size = block.values.count
    let shares = PassShares(collective: collective)
    let blocks = (rows.count + capacity - 1) / capacity
    self.blockSize = capacity
    count = rows.count
    values = Matrix(rows: blocks, columns: size)
    let chain = InferenceChain(parameters: parameters, capacity: capacity, pool: pool)
    let starts = shares.starts(of: blocks)
    let (own, rounds) = (shares.own(starts), zip(starts, starts.dropFirst()).map { $1 - $0 })
    for round in 0..<(rounds.max() ?? 0) {
      let wanted: [ArraySlice<Int32>] = zip(starts, rounds).map { start, count in
        let first = (start + round) * capacity
        return round < count ? rows[first..<min(first + capacity, rows.count)] : []
      }
      inputs(wanted) { if !$1.isEmpty { chain.run($0, rows: $1, into: &block) } }
      let index = own.lowerBound + round
      if index >= own.upperBound { continue }
      values.withMutableElements { values in
        block.values.withElements { block in
          guard let to = values.baseAddress, let from = block.baseAddress else { return }
          (to + index * size).update(from: from, count: size)
        }
      }
    }
    values.withMutableElements { values in
      guard let start = values.baseAddress else { return }
      collective.collect([
        SharedSpan(start, bounds: starts.map { $0 * size })
      ])
    }
  }

  /// The outputs of block `index` become `outputs`, which has its shape.
  package func copy(_ index: Int, into outputs: inout SampleBlock) {
    let first = index * blockSize
    outputs.use(min(blockSize, count - first))
    let size = outputs.values.count
    precondition(size == values.columns, "a block of the same shape")
    values.withElements { values in
      outputs.values.withMutableElements { outputs in
        guard let to = outputs.baseAddress, let from = values.baseAddress else { return }
        to.update(from: from + index * size, count: size)
      }
    }
  }
}
