import NeuralNetworks
import NumericCore
import Pruning

extension BenchRow {
  /// Elimination-compensation scores of dense networks.
  static let ecRows = [BenchRow(.ec, .paper, 8000), BenchRow(.ec, .lenet, 8000)]

  /// Samples that are carried through the network together; sizes a product, not the result.
  private static let chunk = 1024

  /// Importance and bias shift of every weight, for outputs that all count the same.
  func scoring(pool: WorkerPool) -> () throws -> Void {
    let model = network.network(sparsity: sparsity)
    let data = SampleSet.random(
      count: samples, features: model.inputs, classes: model.outputs)
    return {
      let statistics = try NetworkStatistics(
        of: model, on: data, metric: .output, loss: .crossEntropy(), pool: pool)
      for (index, layer) in model.layers.enumerated() {
        _ = statistics.elimination(index, layer: layer, pool: pool)
      }
    }
  }

  /// Forward; for every output back through the hidden layers but the first (the last layer's own
  /// sensitivity is 1); and the two sums over samples, of h a and h a², for every layer.
  var scoringProducts: [ProductShape] {
    let outputs = network.widths[network.widths.count - 1]
    let chunks = (samples + BenchRow.chunk - 1) / BenchRow.chunk
    let chunk = samples / chunks
    let forward = layers.map {
      ProductShape(rows: $0.outputs, columns: chunk, inner: $0.inputs, count: chunks)
    }
    let backward = layers.dropFirst().dropLast().map {
      ProductShape(
        rows: $0.inputs, columns: chunk, inner: $0.outputs, transposesLeft: true,
        count: chunks * outputs)
    }
    let sums = layers.map {
      ProductShape(
        rows: $0.outputs, columns: $0.inputs, inner: chunk, transposesRight: true,
        count: 2 * chunks)
    }
    return forward + backward + sums
  }
}
