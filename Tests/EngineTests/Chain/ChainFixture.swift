import Engine
import NumericCore
import TestSupport

/// A chain of layers with random parameters, of which masks keep some, and data to run it on.
struct ChainFixture {
  let widths: [Int]
  let layers: [DenseLayer]
  let data: Matrix
  let labels: [Int32]

  /// - Parameters:
  ///   - widths: inputs first.
  ///   - density: share of the weights that are kept in each layer; nil keeps all, without a mask.
  ///     Below 1 every fifth row and every seventh column of a layer is empty.
  init(
    widths: [Int], densities: [Double?], activation: Activation = .relu, samples: Int,
    seed: UInt64 = 1
  ) {
    var generator = SeededGenerator(seed: seed)
    var layers: [DenseLayer] = []
    for (index, density) in densities.enumerated() {
      let (inputs, outputs) = (widths[index], widths[index + 1])
      let bound = (3 / Float(max(1, inputs))).squareRoot()
      let weights = Matrix(
        rows: outputs, columns: inputs, generator.floats(outputs * inputs, bound: bound))
      let bias = generator.floats(outputs, bound: 0.5)
      let words = density.map {
        Self.words(rows: outputs, columns: inputs, density: $0, &generator)
      }
      layers.append(
        DenseLayer(
          name: "\(index)", weights: weights, bias: bias,
          activation: index == densities.count - 1 ? .identity : activation, slope: 0.2,
          mask: words.flatMap {
            Mask(rows: outputs, columns: inputs, bytes: Self.bytes($0, outputs * inputs))
          }))
    }
    self.widths = widths
    self.layers = layers
    data = Matrix(rows: samples, columns: widths[0], generator.floats(samples * widths[0]))
    labels = generator.integers(samples, below: widths[widths.count - 1]).map(Int32.init)
  }

  static func words(
    rows: Int, columns: Int, density: Double, _ generator: inout SeededGenerator
  ) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (rows * columns + 63) / 64)
    let limit = UInt64(density * 1024)
    for i in 0..<(rows * columns) {
      let kept = generator.next() % 1024 < limit
      let isEmpty = density < 1 && rows > 5 && (i / columns % 5 == 3 || i % columns % 7 == 5)
      if kept && !isEmpty { words[i / 64] |= 1 << UInt64(i % 64) }
    }
    return words
  }

  private static func bytes(_ words: [UInt64], _ count: Int) -> [UInt8] {
    (0..<((count + 7) / 8)).map {
      UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(($0 & 7) * 8))
    }
  }

  static func keeps(_ words: [UInt64]?, _ index: Int) -> Bool {
    words == nil || words![index / 64] >> UInt64(index % 64) & 1 == 1
  }

  /// Everything compressed that has a mask.
  static let compressing = KernelTable(density: 1)
  /// Nothing compressed.
  static let dense = KernelTable(density: -1)

  /// What training leaves behind.
  struct Outcome {
    var losses: [Double] = []
    var weights: [Matrix] = []
    var biases: [[Float]] = []
    var slopes: [Float] = []
    var first: [LayerMoments] = []
    var second: [LayerMoments] = []

    /// Every number, bit for bit.
    var bits: [[UInt32]] {
      let moments = (first + second).flatMap {
        [$0.weights.bits, ($0.bias + [$0.slope]).map(\.bitPattern)]
      }
      return weights.map(\.bits) + biases.map { $0.map(\.bitPattern) }
        + [slopes.map(\.bitPattern)] + moments
        + [losses.map { UInt32(truncatingIfNeeded: $0.bitPattern) }]
    }

    /// Every number.
    var numbers: [Double] {
      let moments = (first + second).flatMap { $0.weights.elements + $0.bias + [$0.slope] }
      let parameters = weights.flatMap(\.elements) + biases.joined() + slopes
      return losses + (parameters + moments).map(Double.init)
    }
  }

  /// Trains for a few steps with Adam, the last batch a smaller one.
  func train(
    _ table: KernelTable, threads: Int, product: DenseProduct = .tiles,
    clipNorm: Double? = nil, batch: Int, steps: Int = 3
  ) -> Outcome {
    let parameters = ChainParameters(layers, trains: true, table: table)
    let zeros = layers.map(LayerMoments.init(zerosFor:))
    let moments = ChainMoments(parameters, first: zeros, second: zeros)
    let chain = TrainingChain(
      parameters: parameters, moments: moments, capacity: batch, clips: clipNorm != nil,
      pool: WorkerPool(threadCount: threads), product: product)
    var outcome = Outcome()
    var values = SampleBlock(features: widths[widths.count - 1], capacity: batch)
    for step in 0..<steps {
      let count = step == steps - 1 ? max(1, batch - 17) : batch
      let rows = (0..<count).map { Int32(($0 * 5 + step * 3) % data.rows) }
      values.use(count)
      outcome.losses.append(
        chain.propagate(
          data, rows: rows[...], loss: .crossEntropy(labelSmoothing: 0.1),
          labels: rows.map { labels[Int($0)] }, values: values, scale: 1 / Float(count)))
      let corrected = 1 - 0.999 * Float(step)
      chain.update(
        .adam(
          step: 0.01, beta1: 0.9, beta2: 0.99, inverseRoot: 1 / corrected.magnitude, epsilon: 1e-3,
          coupledDecay: 0.01, shrink: 1), clipNorm: clipNorm)
    }
    for index in layers.indices {
      outcome.weights.append(parameters.weights(of: index))
      outcome.biases.append(parameters.bias(of: index))
      outcome.slopes.append(parameters.slope(of: index))
    }
    outcome.first = moments.firstLayers
    outcome.second = moments.secondLayers
    return outcome
  }
}
