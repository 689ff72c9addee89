import NeuralNetworks
import Runs
import Testing

@Suite("Comparison with the dense network") struct DenseComparisonTests {
  private func scores(_ isCorrect: [Bool], losses: [Double]) -> SampleScores {
    SampleScores(losses: losses, isCorrect: isCorrect)
  }

  @Test("has the ends of both one-sided bounds, and the signs of a change")
  func ends() throws {
    let dense = (0..<50).map { $0 % 5 != 0 }
    let pruned = (0..<50).map { $0 % 5 != 1 && $0 != 0 }
    let losses = (0..<50).map { 1 + 0.1 * Double($0 % 7) }
    let grown = losses.enumerated().map { $1 * 1.2 + 0.05 * Double($0 % 3) }
    let comparison = DenseComparison(
      scores(pruned, losses: grown),
      against: DenseScores(
        stage: "train", metrics: Metrics(loss: 1), scores: scores(dense, losses: losses)))
    #expect(comparison.lost == 10 && comparison.gained == 9)
    let accuracy = try #require(comparison.accuracy)
    #expect(abs(accuracy.value - -0.02) < 1e-12)
    let drop = PairedProportions(samples: 50, lost: 10, gained: 9)
    let rise = PairedProportions(samples: 50, lost: 9, gained: 10)
    #expect(accuracy.low == -drop.upperBound(confidence: 0.975))
    #expect(accuracy.high == rise.upperBound(confidence: 0.975))
    let loss = try #require(comparison.loss)
    let (low, high) = (try #require(loss.low), try #require(loss.high))
    #expect(low < loss.value && loss.value < high && low > 0.2)
  }

  @Test("of too few samples has no interval of the loss, and says how many it takes")
  func few() throws {
    func comparison(_ losses: [Double]) throws -> DenseComparison.Change {
      let dense = DenseScores(
        stage: "train", metrics: Metrics(loss: 3), scores: scores([], losses: losses))
      let pruned = scores([], losses: losses.map { _ in 1 })
      return try #require(DenseComparison(pruned, against: dense).loss)
    }
    let few = try comparison([0, 1, 8])
    #expect(!few.hasInterval && few.samplesNeeded == 11)
    let enough = try comparison([2, 3, 4, 3])
    #expect(enough.hasInterval && enough.samplesNeeded == nil)
  }

  @Test("of values has no accuracy, and of a dense loss of 0 no growth")
  func values() {
    let dense = DenseScores(
      stage: "train", metrics: Metrics(loss: 0), scores: scores([], losses: [0, 0]))
    let comparison = DenseComparison(scores([], losses: [1, 2]), against: dense)
    #expect(comparison.accuracy == nil && comparison.lost == nil && comparison.loss == nil)
  }
}
