import Benchmarking
import NeuralNetworks
import NumericCore

extension ModelSizes {
  /// Seconds for each network and number of samples, shared among the repeats of which the best counts.
  private static let seconds = 0.03
  private static let repeats = 5

  /// What calls of the networks take here, one list each; their repeats take turns.
  static func times(of networks: [Network], pool: WorkerPool) -> [[Time]] {
    let calls = networks.flatMap { network in
      let predictor = Predictor(network, pool: pool)
      return batches.map { samples in
        let inputs = Matrix.normal(rows: samples, columns: network.inputs)
        return { _ = predictor.outputs(for: inputs) }
      }
    }
    let seconds = Stopwatch(seconds: seconds, repeats: repeats).best(calls)
    return networks.indices.map { index in
      batches.enumerated().map { place, samples in
        Time(samples: samples, milliseconds: 1000 * seconds[index * batches.count + place])
      }
    }
  }
}
