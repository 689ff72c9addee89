import Engine
import NumericCore
import TestSupport

/// A chain of layers with random parameters, of which masks keep some, and data to run it on.
struct ChainFixture {
  let widths: [Int]
  let maps: [AffineMap]
  let masks: [[UInt64]?]
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
    var maps: [AffineMap] = []
    var masks: [[UInt64]?] = []
    for (index, density) in densities.enumerated() {
      let (inputs, outputs) = (widths[index], widths[index + 1])
      let bound = (3 / Float(max(1, inputs))).squareRoot()
      maps.append(
        AffineMap(
          weights: Matrix(
            rows: outputs, columns: inputs, generator.floats(outputs * inputs, bound: bound)),
          bias: generator.floats(outputs, bound: 0.5),
          activation: index == densities.count - 1 ? .identity : activation, slope: 0.2))
      masks.append(
        density.map { density in
          Self.words(rows: outputs, columns: inputs, density: density, &generator)
        })
    }
    self.widths = widths
    self.maps = maps
    self.masks = masks
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
    var first: [ChainMoments.Layer] = []
    var second: [ChainMoments.Layer] = []

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
    _ table: KernelTable, threads: Int, product: DenseProduct = .preferred(on: .present),
    clipNorm: Double? = nil, batch: Int, steps: Int = 3
  ) -> Outcome {
    let parameters = ChainParameters(maps: maps, masks: masks, trains: true, table: table)
    let zeros = maps.map {
      ChainMoments.Layer(
        weights: Matrix(rows: $0.weights.rows, columns: $0.weights.columns),
        bias: Array(repeating: 0, count: $0.bias.count), slope: 0)
    }
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
          data, rows: rows[...], loss: .crossEntropy(smoothing: 0.1),
          labels: rows.map { labels[Int($0)] }, values: values, scale: 1 / Float(count)))
      let corrected = 1 - 0.999 * Float(step)
      chain.update(
        .adam(
          step: 0.01, beta1: 0.9, beta2: 0.99, inverseRoot: 1 / corrected.magnitude, epsilon: 1e-3,
          coupledDecay: 0.01, shrink: 1), clipNorm: clipNorm)
    }
    for index in maps.indices {
      outcome.weights.append(parameters.weights(of: index))
      outcome.biases.append(parameters.bias(of: index))
      outcome.slopes.append(parameters.slope(of: index))
    }
    outcome.first = moments.firstLayers
    outcome.second = moments.secondLayers
    return outcome
  }
}
