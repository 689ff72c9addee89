import NumericCore

/// Outputs of a chain for some samples, which ranks compute between them: each has some of the blocks of
/// samples, and the first is given all of them.
package struct SharedOutputs {
  /// Of each block [outputs, samples] as `SampleBlock` has them, one behind the other.
  private var values: Matrix
  private let blockSize: Int
  private let count: Int

  /// Every rank calls this with the same.
  ///
  /// - Parameters:
  ///   - rows: the samples, at least one, as rows of `data` [rows, inputs].
  ///   - blockSize: samples that go through the chain at a time, by which bits may go.
  package init(
    of parameters: ChainParameters, _ data: Matrix, rows: [Int32], blockSize: Int,
    among collective: any Collective, pool: WorkerPool
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
    for index in shares.own(of: blocks) {
      let first = index * capacity
      chain.run(data, rows: rows[first..<min(first + capacity, rows.count)], into: &block)
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
        SharedSpan(start, bounds: shares.starts(of: blocks).map { $0 * size })
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
