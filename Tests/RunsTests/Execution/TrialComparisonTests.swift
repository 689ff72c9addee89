import NeuralNetworks
import Runs
import Schedules
import Testing

@Suite("Comparing a trial") struct TrialComparisonTests {
  /// Scores of which the first `wrong` are wrong, from `start` on.
  private func scores(_ count: Int, wrong: Range<Int>) -> SampleScores {
    SampleScores(
      losses: (0..<count).map { wrong.contains($0) ? 2 : 1 },
      isCorrect: (0..<count).map { !wrong.contains($0) })
  }

  @Test("accuracy: what only one of both gets right decides, by its bound where one is asked for")
  func accuracy() throws {
    let before = scores(1000, wrong: 0..<40)
    let after = scores(1000, wrong: 35..<80)
    let measured = TrialComparison(test: SearchTest(.accuracyDrop(0.005)), before: before)
      .verdict(on: after)
    #expect(measured.lost == 40 && measured.gained == 35 && measured.samples == 1000)
    #expect(measured.before == 0.96 && measured.after == 0.955 && measured.change == 0.005)
    #expect(measured.bound == nil && measured.holds)
    let sure = TrialComparison(
      test: SearchTest(.accuracyDrop(0.005), confidence: 0.95), before: before
    ).verdict(on: after)
    #expect(!sure.holds && sure.confidence == 0.95)
    #expect(
      sure.bound
        == PairedProportions(samples: 1000, lost: 40, gained: 35).upperBound(confidence: 0.95))
    // The same predictions hold as soon as there are samples enough: z²/(n + z²) is below.
    for (count, holds) in [(300, false), (600, true)] {
      let same = scores(count, wrong: 0..<10)
      let verdict = TrialComparison(
        test: SearchTest(.accuracyDrop(0.005), confidence: 0.95), before: same
      ).verdict(on: same)
      #expect(verdict.holds == holds && verdict.change == 0)
    }
  }

  @Test("loss: the share by which the mean grew, or its bound")
  func loss() throws {
    let before = SampleScores(losses: [1, 2, 3, 4], isCorrect: [])
    let after = SampleScores(losses: [1.1, 2.3, 3.2, 4.4], isCorrect: [])
    let measured = TrialComparison(test: SearchTest(.lossIncrease(0.1)), before: before)
      .verdict(on: after)
    #expect(abs((measured.change ?? 0) - 0.1) < 1e-12)
    #expect(measured.before == 2.5 && measured.lost == nil && measured.gained == nil)
    let sure = TrialComparison(
      test: SearchTest(.lossIncrease(0.11), confidence: 0.95), before: before
    ).verdict(on: after)
    #expect(!sure.holds && (sure.bound ?? 0) > 0.11)
    let looser = TrialComparison(
      test: SearchTest(.lossIncrease(0.5), confidence: 0.95), before: before
    ).verdict(on: after)
    #expect(looser.holds && looser.bound == sure.bound)
  }

  @Test("a loss that was 0 and grew does not hold, and neither does what has no bound")
  func degenerate() {
    let zero = SampleScores(losses: [0, 0], isCorrect: [])
    let grown = SampleScores(losses: [0, 1], isCorrect: [])
    for confidence in [nil, 0.95] {
      let comparison = TrialComparison(
        test: SearchTest(.lossIncrease(5), confidence: confidence), before: zero)
      let verdict = comparison.verdict(on: grown)
      #expect(!verdict.holds && verdict.change == nil && verdict.bound == nil)
      #expect(!verdict.description.isEmpty)
    }
    let same = TrialComparison(test: SearchTest(.lossIncrease(0)), before: zero)
    #expect(same.verdict(on: zero).holds)
  }
}
