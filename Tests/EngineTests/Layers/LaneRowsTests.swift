import CKernels
import Engine
import NumericCore
import TestSupport
import Testing

@Suite("LaneRows")
struct LaneRowsTests {
  @Test(
    "A product with one sample has the bits that it has row by row",
    arguments: WindowedRowsTests.shapes, WindowedRowsTests.densities)
  func product(shape: WindowedRowsTests.Shape, density: Double) {
    var generator = SeededGenerator(seed: 9)
    let words = ChainFixture.words(
      rows: shape.rows, columns: shape.columns, density: density, &generator)
    let rows = CompressedRows(rows: shape.rows, columns: shape.columns, words: words)
    let values = generator.floats(rows.count)
    let (x, bias) = (generator.floats(max(1, shape.columns)), generator.floats(shape.rows))
    let lanes = LaneRows(rows, values: values)
    #expect(lanes.order.sorted() == (0..<Int32(shape.rows)).map { $0 })
    #expect(lanes.tails.count == (shape.rows + 7) / 8)
    var expected = [Float](repeating: .nan, count: shape.rows)
    eck_sparse_vector(
      shape.rows, rows.starts, rows.indices, values, bias, x, &expected)
    for relu in [false, true] {
      var z = [Float](repeating: .nan, count: shape.rows)
      // Block by block, as tasks take them.
      for block in lanes.tails.indices {
        eck_lane_vector(
          block, block + 1, shape.rows, lanes.starts, lanes.tails, lanes.indices, lanes.values,
          lanes.order, bias, relu ? 1 : 0, x, &z)
      }
      #expect(z == (relu ? expected.map { $0 < 0 ? 0 : $0 } : expected))
    }
  }
}
