import Engine
import NumericCore

/// How far the outputs of other networks are from those of a reference, over some samples.
package struct OutputDistance {
  private let samples: SampleSet
  private let pool: WorkerPool
  /// One block a piece of the samples, in their order.
  private let blocks: [SampleBlock]

  private static let blockSize = 512

  /// Remembers the outputs of `reference`: 4 bytes a sample and output.
  package init(from reference: Network, on samples: SampleSet, pool: WorkerPool) {
    precondition(samples.count > 0, "a distance needs samples")
    self.samples = samples
    self.pool = pool
    blocks = Self.outputs(of: reference, samples, pool)
  }

  /// E‖y' − y‖² of `network`, which has the reference's inputs and outputs.
  package func meanSquare(to network: Network) -> Double {
    var sum = 0.0
    for (new, old) in zip(Self.outputs(of: network, samples, pool), blocks) {
      precondition(new.features == old.features, "networks with the same outputs")
      new.values.withSpan { new in
        old.values.withSpan { reference in
          for feature in 0..<old.features {
            for sample in 0..<old.count {
              let index = feature * old.stride + sample
              let difference = Double(new[index]) - Double(reference[index])
              sum += difference * difference
            }
          }
        }
      }
    }
    return sum / Double(samples.count)
  }

  private static func outputs(
    of network: Network, _ samples: SampleSet, _ pool: WorkerPool
  ) -> [SampleBlock] {
    let parameters = ChainParameters(network, trains: false)
    let capacity = min(blockSize, samples.count)
    let chain = InferenceChain(parameters: parameters, capacity: capacity, pool: pool)
    var inputs = BatchInputs(samples.source, capacity: capacity, pool: pool)
    return stride(from: 0, to: samples.count, by: capacity).map { start in
      var block = SampleBlock(features: parameters.outputs, capacity: capacity)
      let end = min(start + capacity, samples.count)
      inputs.withRows(samples.indices[start..<end]) { chain.run($0, rows: $1, into: &block) }
      return block
    }
  }
}
