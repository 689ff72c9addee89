import Engine
import NeuralNetworks

/// A pruned network beside the one that its first pruning began with, sample by sample on the same samples.
package struct DenseComparison: Sendable, Equatable {
  /// A change, and between what it lies with `confidence`.
  package struct Change: Sendable, Equatable {
    package let value: Double
    /// Nil where there is no such end.
    package let low: Double?
    package let high: Double?
    /// The fewest samples with which there would be an interval, if others are like those that were measured;
    /// nil where there is one, and where that is not known.
    package let samplesNeeded: Int?

    package init(value: Double, low: Double?, high: Double?, samplesNeeded: Int? = nil) {
      (self.value, self.low, self.high) = (value, low, high)
      self.samplesNeeded = samplesNeeded
    }
  }

  /// Of the intervals: 2.5 % on either side.
  package static let confidence = 0.95

  /// The stage that the other network comes from, `the starting model` for the one that the run began with.
  package let stage: String
  /// How good that one is.
  package let metrics: Metrics
  /// Samples that only the other one gets right, and that only this one does; nil for values.
  package let lost: Int?
  package let gained: Int?
  /// The accuracy of this one minus that of the other; nil for values.
  package let accuracy: Change?
  /// The share by which the mean loss has grown; nil where the other's is 0.
  package let loss: Change?

  package init(
    stage: String, metrics: Metrics, lost: Int?, gained: Int?, accuracy: Change?, loss: Change?
  ) {
    (self.stage, self.metrics, self.lost, self.gained) = (stage, metrics, lost, gained)
    (self.accuracy, self.loss) = (accuracy, loss)
  }

  /// Compares `scores` with those of a network `dense`; of as many samples, at least one.
  package init(_ scores: SampleScores, against dense: DenseScores) {
    let tail = (1 + Self.confidence) / 2
    var change: Change?
    var (lost, gained): (Int?, Int?) = (nil, nil)
    if !scores.isCorrect.isEmpty {
      let pairs = zip(dense.scores.isCorrect, scores.isCorrect)
      let counts = (pairs.count { $0 && !$1 }, pairs.count { !$0 && $1 })
      let samples = scores.isCorrect.count
      let drop = PairedProportions(samples: samples, lost: counts.0, gained: counts.1)
      let rise = PairedProportions(samples: samples, lost: counts.1, gained: counts.0)
      (lost, gained) = counts
      change = Change(
        value: rise.drop, low: -drop.upperBound(confidence: tail),
        high: rise.upperBound(confidence: tail))
    }
    self.init(
      stage: dense.stage, metrics: dense.metrics, lost: lost, gained: gained, accuracy: change,
      loss: Self.growth(PairedRatio(dense.scores.losses, scores.losses), tail: tail))
  }

  /// The change of a loss; nil where it has grown from 0.
  private static func growth(_ ratio: PairedRatio, tail: Double) -> Change? {
    guard ratio.increase.isFinite else { return nil }
    let (low, high) = (
      ratio.upperBound(confidence: 1 - tail), ratio.upperBound(confidence: tail)
    )
    return Change(
      value: ratio.increase, low: low, high: high,
      samplesNeeded: low == nil && high == nil ? ratio.samplesForBound(confidence: tail) : nil)
  }
}

/// What the network before the first pruning makes of the samples of a part.
package struct DenseScores: Sendable {
  package let stage: String
  package let metrics: Metrics
  package let scores: SampleScores

  package init(stage: String, metrics: Metrics, scores: SampleScores) {
    (self.stage, self.metrics, self.scores) = (stage, metrics, scores)
  }
}
