import NeuralNetworks
import NumericCore

extension BenchRow {
  /// Adam on dense networks.
  static let trainRows = [
    BenchRow(.train, .small, 32), BenchRow(.train, .paper, 64), BenchRow(.train, .lenet, 64),
    BenchRow(.train, .lenet, 256), BenchRow(.train, .wide, 128),
  ]

  /// SGD with momentum on dense networks.
  static let sgdRows = [BenchRow(.sgd, .lenet, 64)]

  /// Adam on pruned networks: fine-tuning.
  static let maskedRows = [0.9, 0.95].flatMap { sparsity in
    [
      BenchRow(.masked, .lenet, 64, sparsity: sparsity),
      BenchRow(.masked, .wide, 128, sparsity: sparsity),
    ]
  }

  /// Samples of the data set that batches are drawn from.
  static let trainingSamples = 8192

  /// One step of a train stage without validation, all that is in it: the batch is drawn from the
  /// epoch's order, and at an epoch's end a new order is made.
  func trainingStep(_ optimizer: Optimizer, pool: WorkerPool) -> () throws -> Void {
    let settings = TrainingSettings(
      // More than any measurement takes.
      epochs: 1 << 30, batch: samples, loss: .crossEntropy(), optimizer: optimizer)
    let run = TrainingRun(
      state: ModelState(network: network.network(sparsity: sparsity)),
      progress: TrainingProgress(), settings: settings, orderSeed: 0,
      training: .random(
        count: BenchRow.trainingSamples, features: network.widths[0],
        classes: network.widths[network.widths.count - 1]),
      validation: nil, pool: pool)
    return { _ = try run.step() }
  }

  /// Forward, back to the inputs of every layer but the first, and the gradients of all weights.
  var trainingProducts: [ProductShape] {
    let gradients = layers.map { layer in
      ProductShape(
        rows: layer.outputs, columns: layer.inputs, inner: samples, transposesRight: true)
    }
    let backward = layers.dropFirst().map { layer in
      ProductShape(
        rows: layer.inputs, columns: samples, inner: layer.outputs, transposesLeft: true)
    }
    return forwardProducts + backward + gradients
  }
}
