import Engine
import RunFixtures
import Runs
import Testing

@Suite("RankVerdict") struct RankVerdictTests {
  private static let stages = "stages: [train: {epochs: 2}, prune: {to: 0.5, criterion: ec}]\n"

  private func forecasts(
    _ stages: String = stages, ranks: Int = 4, demanded: StepSharing? = nil,
    rates: RankRates = RankRates()
  ) throws -> [RankForecast] {
    try PlanFixture.plan(stages).forecasts(
      for: ExpectedRanks(count: ranks, threads: 1, demanded: demanded, rates: rates))
  }

  @Test("ranks share nothing of a small network, and do not pay")
  func small() throws {
    let forecasts = try forecasts()
    #expect(forecasts.map(\.name) == ["train", "prune"])
    #expect(forecasts.allSatisfy { $0.sharing == .alone && $0.bytes == 0 && $0.speedup == 1 })
    let verdict = RankVerdict(forecasts)
    #expect(!verdict.shares && !verdict.pays && verdict.speedup == 1)
  }

  @Test("what somebody demands to be shared takes longer, and does not pay")
  func demanded() throws {
    let verdict = RankVerdict(try forecasts(demanded: .samplesAndRows))
    #expect(verdict.shares && !verdict.pays && verdict.speedup < 1)
  }

  @Test("where messages take no time, four ranks are nearly four times as fast")
  func fast() throws {
    var rates = RankRates()
    (rates.bytes, rates.latency) = (1e18, 0)
    let verdict = RankVerdict(try forecasts(rates: rates))
    #expect(verdict.pays && verdict.speedup > 3.9 && verdict.speedup <= 4.001)
  }

  @Test("a stage counts with all of its epochs")
  func epochs() throws {
    func seconds(_ epochs: Int) throws -> Double {
      try forecasts("stages: [train: {epochs: \(epochs)}]\n")[0].secondsAlone
    }
    #expect(try abs(seconds(6) / seconds(2) - 3) < 1e-9)
  }

  @Test("of a plan that trains and prunes nothing, nothing is shared")
  func empty() {
    #expect(RankVerdict([]) == RankVerdict([forecast(alone: 3, shared: 3)]))
  }

  private func forecast(alone: Double, shared: Double) -> RankForecast {
    RankForecast(
      name: "train", unit: .step, sharing: .alone, bytes: 0, secondsAlone: alone, seconds: shared)
  }
}
