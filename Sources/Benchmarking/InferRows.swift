import NeuralNetworks
import NumericCore

extension BenchRow {
  /// Outputs of pruned networks, prepared once.
  static let inferRows = [0.9, 0.95].flatMap { sparsity in
    [BenchNetwork.lenet, .wide].flatMap { network in
      [1, 64].map { BenchRow(.infer, network, $0, sparsity: sparsity) }
    }
  }

  /// Outputs for one batch.
  func prediction(pool: WorkerPool) -> () throws -> Void {
    let predictor = Predictor(network.network(sparsity: sparsity), pool: pool)
    let inputs = Matrix.normal(rows: samples, columns: network.widths[0])
    return { _ = predictor.outputs(for: inputs) }
  }
}
