import NumericCore

/// An order of samples in which neighbours of the data stay near one another, for data that are read while they
/// are learnt: blocks of neighbours come in a random order, and the samples of some blocks that follow each
/// other are shuffled among themselves.
package struct BlockOrder: Sendable, Equatable {
  /// Samples of a block, at least 1; the last block may have fewer.
  package let samples: Int
  /// Blocks whose samples are shuffled among themselves, at least 1.
  package let mixed: Int

  package init(samples: Int, mixed: Int) {
    precondition(samples >= 1 && mixed >= 1, "blocks have samples")
    (self.samples, self.mixed) = (samples, mixed)
  }

  /// Samples that are shuffled among themselves.
  package var mixedSamples: Int {
    let (count, overflow) = samples.multipliedReportingOverflow(by: mixed)
    return overflow ? .max : count
  }

  /// The order of `count` samples: every number below it once.
  package func order(of count: Int, _ generator: inout Philox) -> [Int] {
    let blocks = generator.permutation(count / samples + (count % samples > 0 ? 1 : 0))
    var order: [Int] = []
    order.reserveCapacity(count)
    var start = 0
    while start < blocks.count {
      let own = blocks[start..<min(blocks.count, start + mixed)].flatMap { block in
        (block * samples)..<min(count, (block + 1) * samples)
      }
      order += generator.permutation(own.count).map { own[$0] }
      start += mixed
    }
    return order
  }
}
