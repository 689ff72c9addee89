import NumericCore
import Testing

@Suite("SampleBlock")
struct SampleBlockTests {
  @Test(
    "Capacity is rounded up to a multiple of 16",
    arguments: [(1, 16), (15, 16), (16, 16), (17, 32), (64, 64)])
  func capacity(asked: Int, given: Int) {
    let block = SampleBlock(features: 3, capacity: asked)
    #expect(block.capacity == given && block.stride == given && block.features == 3)
    #expect(block.count == 0 && block.padded == 0)
  }

  @Test(
    "The padded count is the next multiple of 16",
    arguments: [(0, 0), (1, 16), (16, 16), (17, 32), (33, 48)])
  func padding(count: Int, padded: Int) {
    var block = SampleBlock(features: 2, capacity: 48)
    block.use(count)
    #expect(block.count == count && block.padded == padded)
  }

  @Test("Samples in use come out as rows", arguments: [0, 1, 16, 17])
  func samples(count: Int) {
    var block = SampleBlock(features: 3, capacity: 17)
    for feature in 0..<3 {
      for sample in 0..<17 { block.values[feature, sample] = Float(10 * sample + feature) }
    }
    block.use(count)
    let rows = block.samples
    #expect(rows.rows == count && rows.columns == 3)
    for sample in 0..<count {
      #expect(rows.row(sample) == [0, 1, 2].map { Float(10 * sample + $0) })
    }
  }
}
