import NumericCore

/// Moments up to the fourth of one layer's pre-activations z_i = Σ_j w_ij x_j, and of each of them together
/// with each input, over samples of equal weight. All are about the means, so biases play no part.
///
/// From E[zᵃ xᵇ] with a + b ≤ 4 follows the kurtosis of every unit, and in closed form that of every unit
/// without any single one of its weights, z − w x. So the change that each weight's removal makes takes four
/// products of matrices for all weights together, [units, samples] · [samples, inputs].
///
/// Everything is in Double. Memory: 32 bytes a weight, and while measuring, for 512 samples at a time, 24 bytes
/// an input and 32 a unit.
package struct PreActivationMoments: Sendable {
  package let units: Int
  package let inputs: Int
  /// W, [units, inputs]; 0 for pruned weights.
  private let weights: [Double]
  /// E x² and E x⁴, one an input.
  private let inputMoments: (second: [Double], fourth: [Double])
  /// E z² and E z⁴, one a unit.
  private let unitMoments: (second: [Double], fourth: [Double])
  /// E[z x], E[z³ x], E[z² x²] and E[z x³], [units, inputs] each.
  private let mixed: [[Double]]

  /// Without a weight, a unit keeps at least this share of its variance, or its kurtosis counts as unknown:
  /// E (z − w x)⁴ is a difference of moments, whose error of 1e-16 of E z⁴ is to be small beside the square of
  /// what is left.
  package static let smallestShare = 1e-5

  /// m₄ / m₂² − 3 of unit `unit` over the samples: 0 for a Gaussian, 3 for a Laplacian; nil for a unit that does
  /// not vary.
  package func excessKurtosis(ofUnit unit: Int) -> Double? {
    let (second, fourth) = (unitMoments.second[unit], unitMoments.fourth[unit])
    return second > 0 ? fourth / (second * second) - 3 : nil
  }

  /// The same of the unit without its weight to `input`, the others as they are:
  ///
  ///     E (z − w x)² = E z² − 2 w E[z x] + w² E x²
  ///     E (z − w x)⁴ = E z⁴ − 4 w E[z³ x] + 6 w² E[z² x²] − 4 w³ E[z x³] + w⁴ E x⁴
  ///
  /// Nil where less than `smallestShare` of the variance is left.
  package func excessKurtosis(ofUnit unit: Int, without input: Int) -> Double? {
    let place = unit * inputs + input
    let w = weights[place]
    let second =
      unitMoments.second[unit] - 2 * w * mixed[0][place] + w * w * inputMoments.second[input]
    guard second > Self.smallestShare * unitMoments.second[unit] else { return nil }
    let low = unitMoments.fourth[unit] - 4 * w * mixed[1][place] + 6 * w * w * mixed[2][place]
    let high = w * w * w * (w * inputMoments.fourth[input] - 4 * mixed[3][place])
    return (low + high) / (second * second) - 3
  }

  /// How much the unit's kurtosis rises when its weight to `input` goes; 0 where the weight is 0 already, nil
  /// where either kurtosis is unknown.
  package func rise(ofUnit unit: Int, without input: Int) -> Double? {
    guard let all = excessKurtosis(ofUnit: unit),
      let rest = excessKurtosis(ofUnit: unit, without: input)
    else { return nil }
    return weights[unit * inputs + input] == 0 ? 0 : rest - all
  }
}

extension PreActivationMoments {
  /// Samples that are taken at a time.
  private static let chunkSize = 512
  /// Units of one task: by shape alone, so that sums are the same bits for any number of threads.
  private static let unitsPerTask = 16

  /// Measures `weights` [units, inputs] on the samples `rows`, at least one, of sample-major `data`
  /// [rows, inputs].
  package init(of weights: Matrix, on data: Matrix, rows: [Int32], pool: WorkerPool) {
    precondition(data.columns == weights.columns, "a column for every input")
    precondition(!rows.isEmpty && rows.allSatisfy { $0 >= 0 && $0 < data.rows })
    let (units, inputs) = (weights.rows, weights.columns)
    self.units = units
    self.inputs = inputs
    self.weights = weights.elements.map(Double.init)
    let means = Self.means(of: data, rows: rows)
    var chunk = MomentChunk(self.weights, units: units, inputs: inputs, capacity: Self.chunkSize)
    var squares = (
      inputs: [Double](repeating: 0, count: inputs), units: [Double](repeating: 0, count: units)
    )
    var fourths = squares
    let memory = ChainMemory()
    defer { withExtendedLifetime(memory) {} }
    let sums = memory.allocate(4 * units * inputs, filledWith: 0.0)
    let scratch = memory.allocate(
      pool.threadCount * Self.unitsPerTask * inputs, filledWith: 0.0)
    for start in stride(from: 0, to: rows.count, by: Self.chunkSize) {
      chunk.fill(data, rows: rows[start..<min(start + Self.chunkSize, rows.count)], means: means)
      chunk.add(to: &squares, &fourths)
      pool.run(tasks: (units + Self.unitsPerTask - 1) / Self.unitsPerTask) { task, worker in
        let first = task * Self.unitsPerTask
        chunk.addProducts(
          first..<min(first + Self.unitsPerTask, units), to: sums,
          scratch: scratch + worker * Self.unitsPerTask * inputs)
      }
    }
    let count = Double(rows.count)
    func mean(_ sums: [Double]) -> [Double] { sums.map { $0 / count } }
    inputMoments = (mean(squares.inputs), mean(fourths.inputs))
    unitMoments = (mean(squares.units), mean(fourths.units))
    mixed = (0..<4).map { product in
      (0..<units * inputs).map { sums[product * units * inputs + $0] / count }
    }
  }

  /// E x of every input.
  private static func means(of data: Matrix, rows: [Int32]) -> [Double] {
    var sums = [Double](repeating: 0, count: data.columns)
    data.withSpan { data in
      for row in rows {
        let start = Int(row) * sums.count
        for input in sums.indices { sums[input] += Double(data[start + input]) }
      }
    }
    return sums.map { $0 / Double(rows.count) }
  }
}
