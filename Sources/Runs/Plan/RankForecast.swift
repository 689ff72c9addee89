import Engine

/// What ranks would share of one training stage, and what is expected of that: by counted bytes and by assumed
/// rates, before anything runs.
package struct RankForecast: Sendable, Equatable {
  /// The stage's.
  package let name: String
  package let sharing: StepSharing
  /// Bytes that each rank receives in a step, on average.
  package let bytes: Int
  /// Seconds of a step on one rank, over those of a step on all.
  package let speedup: Double
}

extension Plan {
  /// What `ranks` ranks of `threads` threads would share of each training stage. Other stages run on one rank
  /// while the others wait.
  package func forecasts(
    ranks: Int, threads: Int, rates: RankRates = RankRates()
  ) -> [RankForecast] {
    stages.compactMap { stage in
      guard let training = stage.action.modelStage as? TrainStage else { return nil }
      let batch = max(1, min(training.settings.settings.batch, facts.trainingSamples))
      let step = StepShape(
        widths: architecture.widths, weights: stage.mostWeights, batch: batch)
      let sharing = rates.best(of: step, ranks: ranks, threads: threads)
      func seconds(_ sharing: StepSharing) -> Double {
        rates.seconds(of: step, sharing, ranks: ranks, threads: threads)
      }
      return RankForecast(
        name: stage.name, sharing: sharing, bytes: step.received(sharing, ranks: ranks) / ranks,
        speedup: seconds(.alone) / seconds(sharing))
    }
  }
}
