import Scheduler
import Testing

@Suite("What a layer takes") struct LayerTimeTests {
  private func time(_ points: [(Int, Double)]) throws -> LayerTime {
    try LayerTime(measured: points.map { LayerTime.Point(kept: $0, nanoseconds: $1) })
  }

  @Test("is linear between measured counts")
  func between() throws {
    let time = try time([(100, 50), (20, 10), (0, 6)])
    #expect(time.nanoseconds(keeping: 100) == 50)
    #expect(time.nanoseconds(keeping: 60) == 30)
    #expect(time.nanoseconds(keeping: 20) == 10)
    #expect(time.nanoseconds(keeping: 5) == 7)
    #expect(time.nanoseconds(keeping: 0) == 6)
  }

  @Test("never rises as weights go: what was measured so is averaged")
  func isotonic() throws {
    let time = try time([(8, 50), (6, 70), (4, 30), (2, 32), (0, 1)])
    #expect(time.points.map(\.nanoseconds) == [60, 60, 31, 31, 1])
    for seed in 0..<100 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let weights = Int.random(in: 1...400, using: &random)
      let time = try self.time(
        LayerTime.counts(of: weights).map { ($0, Double.random(in: 0...9, using: &random)) })
      let all = (0...weights).map { time.nanoseconds(keeping: $0) }
      #expect(zip(all, all.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  @Test("is measured from all weights to none")
  func counts() throws {
    #expect(LayerTime.counts(of: 1000) == [1000, 800, 600, 400, 300, 200, 100, 50, 20, 10, 0])
    #expect(LayerTime.counts(of: 1) == [1, 0])
    #expect(throws: BudgetError.timeOrder) { try time([]) }
    #expect(throws: BudgetError.timeOrder) { try time([(3, 1), (1, 1)]) }
    #expect(throws: BudgetError.timeOrder) { try time([(3, 1), (3, 1), (0, 1)]) }
    for value in [-1, .infinity, 1e16] {
      #expect(throws: BudgetError.timeInvalid(kept: 0, nanoseconds: value)) {
        try time([(3, 1), (0, value)])
      }
    }
    #expect(throws: BudgetError.self) { try time([(0, .nan)]) }
  }
}
