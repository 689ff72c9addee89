import Scheduler
import Testing

@Suite("PruningLadder") struct PruningLadderTests {
  private func bounds(_ weights: Int, keep: Bool = false, least: Double = 0) throws -> LayerBounds {
    let profile = try LayerProfile(name: "output", outputs: 1, inputs: weights)
    return try LayerLimits(keep: keep, minimumDensity: least).bounds(of: profile)
  }

  @Test("the standard ladder goes from all weights to the least count, each count once")
  func standard() throws {
    let ladder = PruningLadder.standard
    #expect(
      try ladder.counts(within: bounds(1000))
        == [1000, 800, 600, 400, 300, 200, 100, 50, 20, 10, 1])
    #expect(try ladder.counts(within: bounds(3)) == [3, 2, 1])
    #expect(try ladder.counts(within: bounds(1000, least: 0.35)) == [1000, 800, 600, 400, 350])
    #expect(try ladder.counts(within: bounds(1000, keep: true)) == [1000])
    #expect(try ladder.counts(within: bounds(1)) == [1])
  }

  @Test("rungs rise, and there are some")
  func order() throws {
    let half = Sparsity(testing: 0.5)
    #expect(try PruningLadder([half]).counts(within: bounds(10)) == [10, 5, 1])
    for rungs in [[], [.zero], [half, half], [half, Sparsity(testing: 0.4)]] as [[Sparsity]] {
      #expect(throws: BudgetError.ladderOrder(rungs: rungs.count, limit: 100)) {
        try PruningLadder(rungs)
      }
    }
    #expect(throws: BudgetError.self) {
      try PruningLadder((1...101).map { Sparsity(testing: Double($0) / 200) })
    }
  }
}
