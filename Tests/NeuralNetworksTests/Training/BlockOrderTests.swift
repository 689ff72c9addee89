import NeuralNetworks
import NumericCore
import Testing

@Suite("BlockOrder")
struct BlockOrderTests {
  private func order(_ blocks: BlockOrder, of count: Int, index: UInt64 = 0) -> [Int] {
    var generator = Philox(seed: 3, purpose: .sampleOrder, index: index)
    return blocks.order(of: count, &generator)
  }

  @Test("every sample comes once", arguments: [0, 1, 12, 13, 100], [1, 5, 200])
  func permutation(count: Int, samples: Int) {
    for mixed in [1, 3] {
      let order = order(BlockOrder(samples: samples, mixed: mixed), of: count)
      #expect(order.sorted() == Array(0..<count))
    }
  }

  @Test("what is mixed are whole blocks, in an order of their own")
  func blocks() {
    let order = order(BlockOrder(samples: 10, mixed: 4), of: 200)
    for start in stride(from: 0, to: 200, by: 40) {
      let own = order[start..<(start + 40)]
      let blocks = Set(own.map { $0 / 10 })
      #expect(blocks.count == 4)
      #expect(Set(own) == Set(blocks.flatMap { ($0 * 10)..<($0 * 10 + 10) }))
      #expect(Array(own) != own.sorted())
    }
    #expect(order.map { $0 / 40 } != order.map { $0 / 40 }.sorted())
  }

  @Test("the order differs from epoch to epoch, and is the same for the same epoch")
  func epochs() {
    let blocks = BlockOrder(samples: 10, mixed: 2)
    #expect(order(blocks, of: 95, index: 1) == order(blocks, of: 95, index: 1))
    #expect(order(blocks, of: 95, index: 1) != order(blocks, of: 95, index: 2))
  }
}
