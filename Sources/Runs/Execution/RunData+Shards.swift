import Datasets
import NeuralNetworks
import NumericCore

extension RunData {
  /// The same data with inputs that are in the memory of all ranks, some rows in each, where they lie in a file.
  ///
  /// - Parameter pool: reads the file.
  /// - Throws: `DatasetError`.
  func sharded(among ranks: RankGroup, pool: WorkerPool) throws -> RunData {
    // Parts that are split from one file have its rows between them.
    var known: [(stored: StoredMatrix, inputs: SampleInputs)] = []
    let result = changing { _, samples in
      guard case .stored(let inputs) = samples.source, let stored = inputs as? StoredMatrix else {
        return samples
      }
      if let known = known.first(where: { $0.stored == stored }) {
        return samples.reading(known.inputs)
      }
      let sharded = SampleInputs.stored(ranks.shard(stored, pool: pool))
      known.append((stored, sharded))
      return samples.reading(sharded)
    }
    try demandAllRead()
    return result
  }
}
