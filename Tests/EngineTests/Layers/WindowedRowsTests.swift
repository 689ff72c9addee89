import CKernels
import NumericCore
import TestSupport
import Testing

import NumericCore
import Engine

@Suite("WindowedRows")
struct WindowedRowsTests {
  struct Shape {
    let rows: Int
    let columns: Int
  }

  static let shapes = [
    (0, 3), (3, 0), (1, 1), (1, 15), (17, 16), (16, 33), (31, 32), (40, 47), (33, 101), (100, 130),
  ].map { Shape(rows: $0.0, columns: $0.1) }

  static let densities = [0, 0.02, 0.2, 1]

  @Test(
    "Every survivor has exactly one place, in its row and column", arguments: shapes, densities)
  func places(shape: Shape, density: Double) {
    let (rows, weights) = Self.matrix(shape, density: density)
    let windowed = WindowedRows(rows, values: weights)
    #expect(windowed.order.sorted() == (0..<Int32(shape.rows)).map { $0 })
    #expect(windowed.starts.count == (shape.rows + 15) / 16 + 1)
    #expect(windowed.values.count == 16 * windowed.steps)
    #expect(windowed.places.count == 16 * windowed.steps)
    var found: [Int: Float] = [:]
    for block in 0..<(windowed.starts.count - 1) {
      for step in Int(windowed.starts[block])..<Int(windowed.starts[block + 1]) {
        let window = Int(windowed.windows[step])
        #expect(window % 16 == 0 && window >= 0)
        #expect(window + 32 <= WindowedRows.readableInputs(shape.columns))
        for lane in 0..<16 where windowed.values[16 * step + lane] != 0 {
          let row = Int(windowed.order[16 * block + lane])
          let column = window + Int(windowed.places[16 * step + lane])
          let former = found.updateValue(
            windowed.values[16 * step + lane], forKey: row * shape.columns + column)
          #expect(former == nil)
        }
      }
    }
    var expected: [Int: Float] = [:]
    for row in 0..<shape.rows {
      for place in Int(rows.starts[row])..<Int(rows.starts[row + 1]) {
        expected[row * shape.columns + Int(rows.indices[place])] = weights[place]
      }
    }
    #expect(found == expected)
  }

  @Test(
    "A product with one sample is the sum by definition",
    arguments: shapes, densities)
  func product(shape: Shape, density: Double) {
    let (rows, weights) = Self.matrix(shape, density: density)
    let windowed = WindowedRows(rows, values: weights)
    var generator = SeededGenerator(seed: 8)
    var x = generator.floats(shape.columns)
    let bias = generator.floats(shape.rows)
    let expected = (0..<shape.rows).map { row in
      (Int(rows.starts[row])..<Int(rows.starts[row + 1])).reduce(Double(bias[row])) {
        $0 + Double(weights[$1]) * Double(x[Int(rows.indices[$1])])
      }
    }
    // What lies behind the sample must not matter.
    let readable = WindowedRows.readableInputs(shape.columns)
    x += [Float](repeating: .nan, count: readable - shape.columns)
    for relu in [false, true] {
      var z = [Float](repeating: .nan, count: shape.rows)
      // Block by block, as tasks take them.
      for block in 0..<(windowed.starts.count - 1) {
        eck_window_vector(
          block, block + 1, shape.rows, windowed.starts, windowed.windows, windowed.places,
          windowed.values, windowed.order, bias, relu ? 1 : 0, x, &z)
      }
      let wanted = relu ? expected.map { max(0, $0) } : expected
      // Sums of up to 130 terms below 1, rounded in Float32.
      #expect(largestDifference(z, wanted) < 2e-5)
    }
  }

  @Test("Steps pay only with AVX-512, and where each serves three survivors or more")
  func pays() {
    let shape = Shape(rows: 64, columns: 256)
    let (dense, values) = Self.matrix(shape, density: 0.3)
    let windowed = WindowedRows(dense, values: values)
    #expect(windowed.pays(for: dense, on: .avx512))
    #expect(!windowed.pays(for: dense, on: .avx2))
    let (sparse, few) = Self.matrix(shape, density: 0.004)
    let wasteful = WindowedRows(sparse, values: few)
    #expect(3 * wasteful.steps > sparse.count)
    #expect(!wasteful.pays(for: sparse, on: .avx512))
  }

  /// Random places with values that are none of them 0.
  private static func matrix(
    _ shape: Shape, density: Double
  ) -> (rows: CompressedRows, values: [Float]) {
    var generator = SeededGenerator(seed: 6)
    let words = ChainFixture.words(
      rows: shape.rows, columns: shape.columns, density: density, &generator)
    let rows = CompressedRows(rows: shape.rows, columns: shape.columns, words: words)
    return (rows, generator.floats(rows.count).map { $0 == 0 ? 1 : $0 })
  }
}
