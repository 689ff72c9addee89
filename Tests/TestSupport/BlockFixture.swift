import NumericCore

/// Random blocks and matrices for kernel tests, with their elements in Double at hand.
package struct BlockFixture {
  private var generator: SeededGenerator

  /// A fixture that repeats itself for the same `seed`.
  package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// A matrix of numbers in [-1, 1).
  package mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, generator.floats(rows * columns))
  }

  /// `count` numbers in [-bound, bound).
  package mutating func vector(_ count: Int, bound: Float = 1) -> [Float] {
    generator.floats(count, bound: bound)
  }

  /// A block whose columns behind `count` hold `padding`.
  package mutating func block(
    features: Int, count: Int, bound: Float = 1, padding: Float = 0
  ) -> SampleBlock {
    var block = SampleBlock(features: features, capacity: max(count, 1))
    block.use(count)
    for feature in 0..<features {
      let row = generator.floats(count, bound: bound)
      for sample in 0..<block.capacity {
        block.values[feature, sample] = sample < count ? row[sample] : padding
      }
    }
    return block
  }
}

extension SampleBlock {
  /// Columns behind the samples in use, up to the padded count, feature by feature.
  package var paddingElements: [Float] {
    (0..<features).flatMap { feature in (count..<padded).map { values[feature, $0] } }
  }
}

extension Matrix {
  /// The elements' bit patterns: `==` on floats takes 0 for -0 and no NaN for itself.
  package var bits: [UInt32] {
    elements.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
  }
}

/// The largest |a − b| over two lists of the same length; infinite where a NaN is among them.
package func largestDifference(_ a: [Float], _ b: [Double]) -> Double {
  precondition(a.count == b.count)
  return zip(a, b).reduce(0) { largest, pair in
    let difference = abs(Double(pair.0) - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
