import NumericCore
import TestSupport

/// Random blocks and matrices for kernel tests, with their elements in Double at hand.
struct BlockFixture {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, generator.floats(rows * columns))
  }

  mutating func vector(_ count: Int, bound: Float = 1) -> [Float] {
    generator.floats(count, bound: bound)
  }

  /// A block whose columns behind `count` hold `padding`.
  mutating func block(
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
  var paddingElements: [Float] {
    (0..<features).flatMap { feature in (count..<padded).map { values[feature, $0] } }
  }
}

/// The largest |a − b| over two lists of the same length; infinite where a NaN is among them.
func largestDifference(_ a: [Float], _ b: [Double]) -> Double {
  precondition(a.count == b.count)
  return zip(a, b).reduce(0) { largest, pair in
    let difference = abs(Double(pair.0) - pair.1)
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
