import CKernels
import NumericCore

/// Outputs of a chain of layers: prepared once, then run on any number of samples without allocating.
///
/// A class, because it owns working memory that is changed in place; one thread at a time may use it.
/// The parameters must not change in its life. A single sample takes kernels of its own instead of
/// filling a register's width with padding, so it may differ from the same sample in a batch by
/// rounding.
package final class InferenceChain {
  package let parameters: ChainParameters
  private let pool: WorkerPool
  private let product: DenseProduct
  private let memory = ChainMemory()
  /// Samples of a block, a multiple of 16.
  private let width: Int
  /// Two areas of [features, width] a worker.
  private let space: UnsafeMutablePointer<Float>
  private let area: Int
  private let identity: UnsafeMutablePointer<Int32>
  /// The layers in the form for single samples; made when the first one comes.
  private var singles: SingleSampleChain?

  /// Samples of a block and task: two registers, so that a batch of 64 keeps two threads busy.
  private static let block = 32
  /// More samples than this go through the chain as a block.
  private static let mostSingles = 2

  /// Subnormal numbers are taken for 0 but in networks near the ends of Float32, whoever asks for their outputs.
  ///
  /// - Parameter capacity: most samples a call.
  package init(
    parameters: ChainParameters, capacity: Int, pool: WorkerPool,
    product: DenseProduct = .tiles
  ) {
    precondition(capacity >= 1, "a chain runs on at least one sample")
    self.parameters = parameters
    self.pool = parameters.isNearEndsOfFloat ? pool.keepingSubnormals() : pool
    self.product = product
    let layers = parameters.layers
    width = min(InferenceChain.block, (capacity + 15) & ~15)
    let widest = layers.reduce(parameters.inputs) { max($0, $1.outputs) }
    area = (widest + 1) * width
    space = memory.zeros(2 * area * pool.threadCount)
    identity = memory.copy((0..<Int32(width)).map { $0 }, padding: 0)
  }

  /// The outputs for the samples `rows` of `data` [rows, inputs] become `outputs` [outputs, samples].
  package func run(_ data: Matrix, rows: ArraySlice<Int32>, into outputs: inout SampleBlock) {
    precondition(data.columns == parameters.inputs && outputs.features == parameters.outputs)
    precondition(rows.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
    outputs.use(rows.count)
    let (count, padded, stride) = (outputs.count, outputs.padded, outputs.stride)
    let tasks = (padded + width - 1) / width
    data.withElements { data in
      rows.withUnsafeBufferPointer { index in
        outputs.values.withMutableElements { target in
          guard let target = target.baseAddress else { return }
          pool.run(tasks: tasks) { task, worker in
            let first = task * width
            let columns = min(width, padded - first)
            let result = block(
              data.baseAddress, index.baseAddress.map { $0 + first }, count: count - first,
              columns: columns, worker: worker)
            for output in 0..<parameters.outputs {
              (target + output * stride + first).update(
                from: result + output * width, count: columns)
            }
          }
        }
      }
    }
  }

  /// The outputs for the rows first..<first + count of `data` [rows, inputs] become the same rows of
  /// `result` [rows, outputs].
  package func run(_ data: Matrix, first: Int, count: Int, into result: inout Matrix) {
    precondition(first >= 0 && count >= 0 && first + count <= min(data.rows, result.rows))
    precondition(data.columns == parameters.inputs && result.columns == parameters.outputs)
    let (inputs, outputs) = (parameters.inputs, parameters.outputs)
    data.withElements { data in
      result.withMutableElements { result in
        guard let to = result.baseAddress else { return }
        let from = data.baseAddress.map { $0 + first * inputs }
        if count <= InferenceChain.mostSingles {
          for sample in 0..<count {
            single(from.map { $0 + sample * inputs }, into: to + (first + sample) * outputs)
          }
          return
        }
        pool.run(tasks: (count + width - 1) / width) { task, worker in
          let start = task * width
          let live = min(width, count - start)
          let block = block(
            from.map { $0 + start * inputs }, identity, count: live,
            columns: (live + 15) & ~15, worker: worker)
          eck_scatter(block, outputs, live, width, to + (first + start) * outputs)
        }
      }
    }
  }

  /// Runs one block of samples on one worker; the result is [outputs, columns], rows `width` apart.
  private func block(
    _ data: UnsafePointer<Float>?, _ index: UnsafePointer<Int32>?, count: Int, columns: Int,
    worker: Int
  ) -> UnsafeMutablePointer<Float> {
    var from = space + 2 * worker * area
    var to = from + area
    eck_gather(
      data, parameters.inputs, index, max(0, count), columns, width, 0, parameters.inputs, from)
    for layer in parameters.layers {
      layer.forward(
        from, stride: width, width: columns, live: max(1, min(count, columns)), z: to, a: to,
        stride: width, product: product)
      swap(&from, &to)
    }
    return from
  }

  /// Runs one sample; `result` is [outputs].
  private func single(_ sample: UnsafePointer<Float>?, into result: UnsafeMutablePointer<Float>) {
    let chain = singles ?? SingleSampleChain(parameters, pool: pool)
    singles = chain
    chain.run(into: result) { x in
      if let sample { x.update(from: sample, count: parameters.inputs) }
    }
  }
}
