import NumericCore
import TestSupport
import Testing

@Suite("Gathering samples")
struct SampleGatherTests {
  @Test(
    "Chosen rows become columns and the padding becomes 0",
    arguments: [1, 15, 16, 17, 33, 0], [0, 1, 5, 16, 17])
  func gather(features: Int, count: Int) {
    var fixture = BlockFixture(seed: 2)
    let data = fixture.matrix(11, features)
    var generator = SeededGenerator(seed: 1)
    let rows = generator.integers(count, below: 11).map(Int32.init)
    var block = fixture.block(features: features, count: 17, padding: 9)
    block.gather(data, rows: rows[...], pool: WorkerPool(threadCount: 2))
    #expect(block.count == count)
    #expect(block.samples.elements == rows.flatMap { data.row(Int($0)) })
    #expect(block.paddingElements.allSatisfy { $0 == 0 })
  }

  @Test("A slice that does not start at 0 is read from its own start")
  func slices() {
    let data = Matrix(rows: 4, columns: 1, [10, 11, 12, 13])
    var block = SampleBlock(features: 1, capacity: 2)
    block.gather(data, rows: ([0, 1, 3, 2] as [Int32])[2...], pool: WorkerPool(threadCount: 1))
    #expect(block.samples.elements == [13, 12])
  }

  @Test("Scattering puts samples back as rows", arguments: [1, 16, 17], [0, 1, 17])
  func scatter(features: Int, count: Int) {
    var fixture = BlockFixture(seed: 2)
    let data = fixture.matrix(count, features)
    var block = SampleBlock(features: features, capacity: 17)
    block.gather(data, rows: (0..<Int32(count)).map { $0 }[...], pool: WorkerPool(threadCount: 1))
    var target = Matrix(rows: count + 3, columns: features, repeating: 7)
    block.scatter(into: &target, firstRow: 2)
    let border = Array(repeating: Float(7), count: features)
    #expect(target.elements == border + border + data.elements + border)
  }

  @Test("Many features are gathered right in several tasks")
  func manyFeatures() {
    var fixture = BlockFixture(seed: 2)
    let data = fixture.matrix(40, 3001)
    #expect(RowTasks(rows: 3001, operationsPerRow: 8 * 48).count > 1)
    for threads in [1, 3] {
      var block = SampleBlock(features: 3001, capacity: 40)
      block.gather(
        data, rows: (0..<Int32(40)).map { $0 }[...], pool: WorkerPool(threadCount: threads))
      var back = Matrix(rows: 40, columns: 3001)
      block.scatter(into: &back, firstRow: 0)
      #expect(back == data)
    }
  }
}
