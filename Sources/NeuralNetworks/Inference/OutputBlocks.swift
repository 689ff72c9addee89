import Engine
import NumericCore

/// Outputs of a network for the samples of an evaluator, block by block: from ranks that work with its pool, where
/// dividing the pass pays, else as they are asked for.
///
/// A class, because it owns working memory.
final class OutputBlocks {
  /// Blocks are of so many samples; the last may have fewer.
  let capacity: Int
  let outputs: Int
  private let samples: SampleSet
  private let shared: SharedOutputs?
  private let chain: InferenceChain?
  private let pool: WorkerPool

  /// - Parameters:
  ///   - parameters: the network's.
  ///   - network: nil for one that is in training on all ranks.
  convenience init(_ parameters: ChainParameters, _ network: Network?, _ evaluator: Evaluator) {
    self.init(
      parameters, evaluator,
      SharedOutputs(
        of: parameters, network, on: evaluator.samples, blockSize: Evaluator.blockSize,
        pool: evaluator.pool))
  }

  /// - Parameter shared: the outputs, where they are known.
  init(_ parameters: ChainParameters, _ evaluator: Evaluator, _ shared: SharedOutputs?) {
    samples = evaluator.samples
    capacity = min(Evaluator.blockSize, samples.count)
    outputs = parameters.outputs
    self.shared = shared
    pool = evaluator.pool
    chain =
      shared == nil
      ? InferenceChain(parameters: parameters, capacity: capacity, pool: evaluator.pool) : nil
  }

  convenience init(_ network: Network, _ evaluator: Evaluator) {
    self.init(ChainParameters(network, trains: false), network, evaluator)
  }

  /// Calls `body` with each block's samples, as places among the evaluator's, and their outputs.
  func forEach(_ body: (_ rows: ArraySlice<Int32>, _ outputs: SampleBlock) -> Void) {
    var block = SampleBlock(features: outputs, capacity: capacity)
    var inputs = BatchInputs(samples.source, capacity: capacity, pool: pool)
    for start in stride(from: 0, to: samples.count, by: capacity) {
      let rows = samples.indices[start..<min(start + capacity, samples.count)]
      shared?.copy(start / capacity, into: &block)
      if let chain { inputs.withRows(rows) { chain.run($0, rows: $1, into: &block) } }
      body(rows, block)
    }
  }
}
