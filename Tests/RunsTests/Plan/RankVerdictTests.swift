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

  @Test("a stage of which nothing is shared has a reason, and one that is shared has none")
  func obstacles() throws {
    #expect(try forecasts().map(\.obstacle) == [.costs, .costs])
    #expect(try forecasts(demanded: .alone).map(\.obstacle) == [.demand, .demand])
    #expect(try forecasts(demanded: .samplesAndRows).map(\.obstacle) == [nil, nil])
  }

  @Test("a layer of more weights than MPI counts is a reason, whoever demands what is shared")
  func largeLayer() throws {
    for demanded in [nil, StepSharing.samplesAndRows] {
      let forecasts = try PlanFixture.plan(
        Self.stages, changes: [("hidden: [7, 6]", "hidden: [46400, 46400]")]
      ).forecasts(for: ExpectedRanks(count: 4, threads: 1, demanded: demanded))
      #expect(forecasts.map(\.obstacle) == [.messageSize, .messageSize])
      #expect(forecasts.allSatisfy { $0.sharing == .alone && $0.bytes == 0 })
    }
  }

  @Test("regressions that nobody could stop for too long are a reason of their own")
  func passLength() throws {
    // So slow that no shorter pass is shared.
    var rates = RankRates()
    rates.bytes = 1e6
    let forecasts = try PlanFixture.plan(
      "stages: [prune: {to: 0.5, criterion: ec, compensation: least_squares}]\n",
      changes: [("hidden: [7, 6]", "hidden: [4000, 4000]")]
    ).forecasts(for: ExpectedRanks(count: 4, threads: 1, rates: rates))
    #expect(forecasts.map(\.obstacle) == [.passLength])
  }

  @Test("the trials of a search are among the stages, with what each of them keeps")
  func search() throws {
    let forecasts = try forecasts(
      """
      stages:
        - train: {epochs: 2}
        - alternate:
            until: {validation: {accuracy_drop: 0.1}}
            sparsity: {step: 0.5, minimal_step: 0.4}
            prune: {criterion: ec}
            finetune: {epochs: 1}

      """, demanded: .samplesAndRows)
    #expect(forecasts.count > 3 && forecasts.count % 2 == 1)
    #expect(
      Array(forecasts.map(\.name).prefix(3))
        == ["train", "alternate/1/prune", "alternate/1/finetune"])
    #expect(forecasts.allSatisfy { $0.sharing == .samplesAndRows && $0.bytes > 0 })
    #expect(forecasts[2].bytes < forecasts[0].bytes)
  }

  @Test("regressions of least squares are among what a pruning takes")
  func regressions() throws {
    func seconds(_ compensation: String) throws -> Double {
      try forecasts(
        "stages: [prune: {to: 0.5, criterion: ec, compensation: \(compensation)}]\n")[0]
        .secondsAlone
    }
    #expect(try seconds("least_squares") > seconds("ec"))
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
