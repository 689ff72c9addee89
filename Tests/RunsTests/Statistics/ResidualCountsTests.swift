import Runs
import TestSupport
import Testing

@Suite("Counts of residuals") struct ResidualCountsTests {
  @Test("have every error once, 99 % of them within ranges that lie evenly around 0")
  func all() throws {
    var generator = SeededGenerator(seed: 5)
    let errors = generator.floats(1000).map { Double($0) + 0.1 }
    let counts = try #require(ResidualCounts(errors))
    #expect(counts.counts.reduce(0, +) + counts.below + counts.above == 1000)
    #expect(counts.counts.count % 2 == 1)
    let end = counts.start + counts.step * Double(counts.counts.count)
    #expect(abs(counts.start + end) < 1e-9)
    #expect(counts.below + counts.above <= 10)
    #expect(abs(counts.bias - errors.reduce(0, +) / 1000) < 1e-12)
    for (index, count) in counts.counts.enumerated() {
      let from = counts.start + counts.step * Double(index)
      #expect(errors.count { $0 >= from && $0 < from + counts.step } == count)
    }
  }

  @Test("of errors that are all 0 lie in the middle", arguments: [1, 2, 100])
  func none(count: Int) throws {
    let counts = try #require(ResidualCounts(Array(repeating: 0, count: count)))
    #expect(counts.counts[counts.counts.count / 2] == count)
    #expect(counts.below == 0 && counts.above == 0)
  }

  @Test("are none where an error is not finite")
  func infinite() { #expect(ResidualCounts([1, .infinity]) == nil) }
}
