import NeuralNetworks
import Testing

@Suite("ReadWindow") struct ReadWindowTests {
  @Test(
    "the blocks that are mixed are read at once, and a step's samples may be left of the ones before"
  )
  func blocks() {
    let window = ReadWindow(
      of: 1000, columns: 10, batch: 32, blocks: BlockOrder(samples: 8, mixed: 16))
    #expect(window.read == 128 && window.samples == 160 && window.bytes == 160 * 40)
  }

  @Test("without an order 16 MiB, and never more than there are, or less than a step's")
  func usual() {
    func read(_ count: Int, columns: Int, batch: Int) -> Int {
      ReadWindow(of: count, columns: columns, batch: batch, blocks: nil).read
    }
    #expect(read(1 << 30, columns: 256, batch: 32) == 1 << 14)
    #expect(read(100, columns: 256, batch: 32) == 100)
    #expect(read(1 << 30, columns: 1 << 22, batch: 32) == 32)
  }

  @Test("what makes it smaller is the order, where there is one that has more than a step's")
  func advice() {
    func advice(batch: Int, _ blocks: BlockOrder?) -> String {
      ReadWindow(of: 1000, columns: 10, batch: batch, blocks: blocks).advice
    }
    let order = BlockOrder(samples: 8, mixed: 16)
    #expect(advice(batch: 32, order).contains("data.order"))
    for (batch, blocks) in [(32, nil), (128, order)] {
      #expect(
        advice(batch: batch, blocks) == "take smaller batches: a step's samples are in memory")
    }
  }

  @Test("samples in memory need none")
  func resident() {
    let samples = NetworkFixture.samples(4, inputs: 2, outputs: 2, labels: true)
    #expect(samples.window(batch: 2) == nil)
    let stored = SampleSet(
      .stored(CountedInputs(samples.inputs)), targets: samples.targets, indices: samples.indices)
    #expect(stored.window(batch: 2)?.samples == 6)
  }
}
