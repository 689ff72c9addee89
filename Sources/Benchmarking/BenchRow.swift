import NumericCore
import Storage

/// One thing that is timed: the same work, under the same name, as a row of
/// `Tests/peer-comparison`.
package struct BenchRow: Sendable, Equatable {
  /// What is done.
  package enum Family: String, Sendable, CaseIterable {
    /// One Adam step under cross-entropy.
    case train
    /// One step of SGD with momentum under cross-entropy.
    case sgd
    /// One Adam step of a pruned network.
    case masked
    /// Importances and bias shifts of all weights.
    case ec
    /// Outputs of a prepared, pruned network.
    case infer
  }

  package let family: Family
  package let network: BenchNetwork
  /// Samples: of a batch, or for `ec` of all that is measured on.
  package let samples: Int
  /// Share of the weights that is pruned, 0 for a dense network.
  package let sparsity: Double

  init(_ family: Family, _ network: BenchNetwork, _ samples: Int, sparsity: Double = 0) {
    self.family = family
    self.network = network
    self.samples = samples
    self.sparsity = sparsity
  }

  /// All rows, in the order in which they are run.
  package static let all = trainRows + sgdRows + maskedRows + ecRows + inferRows

  /// The row's name, such as `masked/wide/b128/s0.95`.
  package var name: String {
    let unit = family == .ec ? "n" : "b"
    let base = "\(family.rawValue)/\(network.rawValue)/\(unit)\(samples)"
    return sparsity > 0 ? "\(base)/s\(sparsity)" : base
  }

  /// The rows that `name` means: the one called so, else all whose name has it as a part.
  package static func named(_ name: String) -> [BenchRow] {
    let exact = all.filter { $0.name == name }
    return exact.isEmpty && !name.isEmpty ? all.filter { $0.name.contains(name) } : exact
  }

  /// Seconds that all repeats take together, and how many repeats there are unless told.
  var effort: (seconds: Double, repeats: Int) {
    switch family {
    case .train, .sgd, .masked: (1, 5)
    case .ec: (2, 3)
    case .infer: (0.5, 5)
    }
  }

  /// Prepares the work; what comes back does it once.
  package func prepare(pool: WorkerPool) -> () throws -> Void {
    switch family {
    case .train, .masked: trainingStep(.adam(.init()), pool: pool)
    case .sgd: trainingStep(.sgd(.init(learningRate: 0.01, momentum: 0.9)), pool: pool)
    case .ec: scoring(pool: pool)
    case .infer: prediction(pool: pool)
    }
  }

  /// The dense products that the work consists of.
  package var products: [ProductShape] {
    switch family {
    case .train, .sgd, .masked: trainingProducts
    case .ec: scoringProducts
    case .infer: forwardProducts
    }
  }

  /// Floating-point operations of the products, at surviving weights only.
  package var operations: Double {
    products.reduce(0) { $0 + $1.operations } * (1 - sparsity)
  }

  /// Bytes that the products take at least: of dense ones each operand and result once; of a pruned one,
  /// for every surviving weight, its value, its place and the samples that it is multiplied with.
  package var bytes: Double {
    guard sparsity > 0 else { return products.reduce(0) { $0 + $1.bytes } }
    let survivors = operations / 2 / Double(samples)
    return survivors * Double(4 + 4 + 4 * samples)
  }

  /// Widths of each layer, from the inputs upwards.
  var layers: [(inputs: Int, outputs: Int)] {
    zip(network.widths, network.widths.dropFirst()).map { ($0, $1) }
  }

  /// W x for every layer and a whole batch.
  var forwardProducts: [ProductShape] {
    layers.map { ProductShape(rows: $0.outputs, columns: samples, inner: $0.inputs) }
  }
}
