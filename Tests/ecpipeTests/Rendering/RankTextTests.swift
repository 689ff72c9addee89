import Engine
import Runs
import Testing
import ecpipe

@Suite("What ranks would share, in words") struct RankTextTests {
  private func forecast(
    _ name: String, _ unit: RankForecast.Unit, _ sharing: StepSharing, bytes: Int = 0,
    _ alone: Double, _ seconds: Double
  ) -> RankForecast {
    RankForecast(
      name: name, unit: unit, sharing: sharing, bytes: bytes, secondsAlone: alone, seconds: seconds)
  }

  private let ranks = ExpectedRanks(count: 4, threads: 8)

  @Test("rounds of which ranks share the same stand in one row, with the least and the most")
  func rounds() {
    let lines = RankText.lines(
      of: [
        forecast("train", .step, .samplesAndRows, bytes: 2_000_000, 10, 5),
        forecast("alternate/01/prune", .stage, .alone, 1, 1),
        forecast("alternate/01/finetune", .step, .rows, bytes: 1000, 4, 3),
        forecast("alternate/02/prune", .stage, .alone, 1, 1),
        forecast("alternate/02/finetune", .step, .rows, bytes: 800, 4, 3.2),
      ], for: ranks)
    let cells = lines.map { $0.split(separator: #/  +/#).map(String.init) }
    #expect(cells[1] == ["train", "samples and rows of weights", "2,000,000", "step", "2.00"])
    #expect(cells[2] == ["alternate/01–02/prune (2)", "nothing: sharing takes longer", "1.00"])
    #expect(
      cells[3] == [
        "alternate/01–02/finetune (2)", "rows of weights", "800–1,000", "step", "1.25–1.33",
      ])
    // 20 seconds on one rank, 13.2 on four.
    #expect(
      lines[5]
        == "verdict: 4 ranks pay: 1.52 times as fast as one, 38 % of what so many machines can do")
    #expect(lines[6].hasPrefix("assumed: 8 threads a rank, "))
    #expect(lines.count == 7)
  }

  @Test("rows of the same stages differ in their rounds")
  func rows() {
    func rows(_ alone: Set<Int>, of count: Int) -> [String] {
      let lines = RankText.lines(
        of: (1...count).map { round in
          forecast(
            "alternate/\(round < 10 ? "0" : "")\(round)/prune", .stage,
            alone.contains(round) ? .alone : .rows, bytes: 1000, 1, 0.5)
        }, for: ranks)
      return lines.compactMap { $0.split(separator: #/  +/#).first.map(String.init) }
        .filter { $0.hasPrefix("alternate") }
    }
    #expect(
      rows(Set(7...12), of: 12) == ["alternate/01–06/prune (6)", "alternate/07–12/prune (6)"])
    #expect(rows([3], of: 4) == ["alternate/01–02,04/prune (3)", "alternate/03/prune"])
    #expect(
      rows([1, 3, 5, 7], of: 8) == [
        "alternate/01,03,05…/prune (4)", "alternate/02,04,06…/prune (4)",
      ]
    )
  }

  @Test(
    "where ranks do not pay, one machine is enough",
    arguments: [
      (StepSharing.alone, 4.0, "share nothing"), (.rows, 3.8, "are 1.05 times as fast"),
      (.rows, 5.0, "take 1.25 times as long"),
    ])
  func verdict(sharing: StepSharing, seconds: Double, outcome: String) {
    let lines = RankText.lines(of: [forecast("train", .step, sharing, 4, seconds)], for: ranks)
    #expect(lines[3] == "verdict: one machine is enough: 4 ranks \(outcome)")
  }

  @Test(
    "a stage of which ranks share nothing has the reason, and stands in no row with another",
    arguments: [
      (SharingObstacle.demand, "nothing: ECPIPE_SHARING=alone"),
      (.inputsInFile, "nothing: inputs stay in their file"),
      (.messageSize, "nothing: too much for a message"),
      (.memory, "nothing: more than 256 MiB for each rank"),
      (.passLength, "nothing: too long without a place to stop"),
    ])
  func obstacles(obstacle: SharingObstacle, text: String) {
    let lines = RankText.lines(
      of: [
        forecast("alternate/01/finetune", .step, .alone, 1, 1),
        RankForecast(
          name: "alternate/02/finetune", unit: .step, sharing: .alone, obstacle: obstacle, bytes: 0,
          secondsAlone: 1, seconds: 1),
      ], for: ranks)
    #expect(lines[1].contains("nothing: sharing takes longer"))
    #expect(lines[2].contains(text))
  }

  @Test("how many trials a search has is known when it runs")
  func searches() {
    let lines = RankText.lines(of: [], searches: ["alternate"], for: ranks)
    #expect(lines[0].hasPrefix("verdict: one machine is enough: "))
    #expect(lines[1] == "trials of alternate: as many as are expected; the search finds out")
  }
}
