import NeuralNetworks
import Schedules

/// Tests a pruned model against the one before the search, on the same samples.
package struct TrialComparison: Sendable {
  let test: SearchTest
  /// Of the model before the search.
  let before: SampleScores

  package init(test: SearchTest, before: SampleScores) {
    self.test = test
    self.before = before
  }

  /// The verdict on a model with the scores `after`.
  package func verdict(on after: SampleScores) -> TrialVerdict {
    switch test.measure {
    case .accuracyDrop(let allowed): accuracyVerdict(after, allowed: allowed)
    case .lossIncrease(let allowed): lossVerdict(after, allowed: allowed)
    }
  }

  /// The verdict on a trial whose training failed for `reason`.
  func verdict(onFailure reason: String) -> TrialVerdict {
    var verdict = verdict(on: before)
    verdict.after = nil
    (verdict.lost, verdict.gained) = (nil, nil)
    (verdict.change, verdict.bound) = (nil, nil)
    verdict.failure = reason
    verdict.holds = false
    return verdict
  }

  private func accuracyVerdict(_ after: SampleScores, allowed: Double) -> TrialVerdict {
    precondition(!after.isCorrect.isEmpty, "decoding demands classes for accuracy_drop")
    let pairs = zip(before.isCorrect, after.isCorrect)
    let lost = pairs.count { $0 && !$1 }
    let gained = pairs.count { !$0 && $1 }
    let samples = after.isCorrect.count
    let pair = PairedProportions(samples: samples, lost: lost, gained: gained)
    let bound = test.confidence.map { pair.upperBound(confidence: $0) }
    func share(_ scores: SampleScores) -> Double {
      Double(scores.isCorrect.count { $0 }) / Double(samples)
    }
    return TrialVerdict(
      measure: "accuracy_drop", samples: samples, lost: lost, gained: gained,
      before: share(before), after: share(after), change: pair.drop, bound: bound,
      confidence: test.confidence, allowed: allowed, holds: (bound ?? pair.drop) <= allowed)
  }

  private func lossVerdict(_ after: SampleScores, allowed: Double) -> TrialVerdict {
    let ratio = PairedRatio(before.losses, after.losses)
    let bound = test.confidence.flatMap { ratio.upperBound(confidence: $0) }
    let decisive = test.confidence == nil ? ratio.increase : bound ?? .infinity
    return TrialVerdict(
      measure: "loss_increase", samples: after.losses.count, lost: nil, gained: nil,
      before: ratio.means.first, after: ratio.means.second,
      change: ratio.increase.isFinite ? ratio.increase : nil, bound: bound,
      confidence: test.confidence, allowed: allowed, holds: decisive <= allowed)
  }
}
