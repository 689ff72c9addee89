import Engine
import Pruning

/// What ranks would share of one stage, and what is expected of that: by counted bytes and by assumed
/// rates, before anything runs.
package struct RankForecast: Sendable, Equatable {
  /// What bytes and speedup are of.
  package enum Unit: String, Sendable {
    case step
    /// What a pruning measures, from the first sample to the last.
    case stage
  }

  /// The stage's.
  package let name: String
  package let unit: Unit
  package let sharing: StepSharing
  /// Bytes that each rank receives, on average.
  package let bytes: Int
  /// The same if the gradients of a training were summed across ranks instead.
  package let bytesSummingGradients: Int?
  /// Seconds of the whole stage on one rank.
  package let secondsAlone: Double
  /// The same on all ranks, for what they share.
  package let seconds: Double

  /// Seconds on one rank, over those on all.
  package var speedup: Double { secondsAlone / seconds }

  package init(
    name: String, unit: Unit, sharing: StepSharing, bytes: Int, bytesSummingGradients: Int? = nil,
    secondsAlone: Double, seconds: Double
  ) {
    (self.name, self.unit, self.sharing) = (name, unit, sharing)
    (self.bytes, self.bytesSummingGradients) = (bytes, bytesSummingGradients)
    (self.secondsAlone, self.seconds) = (secondsAlone, seconds)
  }
}

/// Ranks that a plan is looked at for.
package struct ExpectedRanks: Sendable {
  package let count: Int
  /// Of each rank.
  package let threads: Int
  /// What is divided whatever the model of costs says.
  package let demanded: StepSharing?
  package let rates: RankRates

  package init(
    count: Int, threads: Int, demanded: StepSharing? = nil, rates: RankRates = RankRates()
  ) {
    (self.count, self.threads, self.demanded, self.rates) = (count, threads, demanded, rates)
  }
}

extension Plan {
  /// What `ranks` would share of each training and of what each pruning measures. Other stages run on one rank
  /// while the others wait.
  package func forecasts(for ranks: ExpectedRanks) -> [RankForecast] {
    stages.compactMap { stage in
      if let training = stage.action.modelStage as? TrainStage {
        return forecast(of: stage, training, for: ranks)
      }
      return (stage.action.modelStage as? PruneStage).flatMap {
        forecast(of: stage, $0, for: ranks)
      }
    }
  }

  private func forecast(
    of stage: PlannedStage, _ training: TrainStage, for ranks: ExpectedRanks
  ) -> RankForecast {
    let batch = max(1, min(training.settings.settings.batch, facts.trainingSamples))
    let step = StepShape(
      widths: architecture.widths, weights: stage.mostWeights, batch: batch,
      isSharded: shardsInputs)
    let (count, threads, rates) = (ranks.count, ranks.threads, ranks.rates)
    // Inputs that stay in their file are rank 0's alone.
    let sharing: StepSharing =
      readsInputs && !shardsInputs
      ? .alone
      : rates.sharing(of: step, demanded: ranks.demanded, ranks: count, threads: threads)
    let steps = (stage.epochs ?? 1) * ((max(1, facts.trainingSamples) + batch - 1) / batch)
    func seconds(_ sharing: StepSharing) -> Double {
      Double(steps) * rates.seconds(of: step, sharing, ranks: count, threads: threads)
    }
    return RankForecast(
      name: stage.name, unit: .step, sharing: sharing,
      bytes: step.received(sharing, ranks: count) / count,
      bytesSummingGradients: step.receivedSummingGradients(ranks: count) / count,
      secondsAlone: seconds(.alone), seconds: seconds(sharing))
  }

  /// Nil for a pruning that measures nothing.
  private func forecast(
    of stage: PlannedStage, _ pruning: PruneStage, for ranks: ExpectedRanks
  ) -> RankForecast? {
    let passes = passes(of: pruning, before: stage)
    if passes.isEmpty { return nil }
    let (count, threads, rates) = (ranks.count, ranks.threads, ranks.rates)
    var (bytes, alone, shared) = (0, 0.0, 0.0)
    for pass in passes {
      let seconds = rates.seconds(of: pass, ranks: 1, threads: threads)
      let isDivided = rates.divides(
        pass, demanded: ranks.demanded, ranks: count, threads: threads)
      if isDivided { bytes += pass.received(ranks: count) / count }
      alone += seconds
      shared += isDivided ? rates.seconds(of: pass, ranks: count, threads: threads) : seconds
    }
    return RankForecast(
      name: stage.name, unit: .stage, sharing: bytes > 0 ? .samplesAndRows : .alone, bytes: bytes,
      secondsAlone: alone, seconds: shared)
  }

  /// The passes over samples of a pruning, but for those of its refinement.
  private func passes(of pruning: PruneStage, before stage: PlannedStage) -> [PassShape] {
    let criterion = pruning.template.criterion
    let samples = max(1, min(criterion.samples ?? .max, facts.trainingSamples))
    let (widths, compensation) = (architecture.widths, criterion.pruningCompensation)
    let weights = self.stage(under: stage.parent)?.mostWeights ?? architecture.weightCount
    var metrics: [OutputMetric] = []
    for metric in [criterion.pruningCriterion.metric, compensation.metric].compactMap({ $0 })
    where !metrics.contains(metric) {
      metrics.append(metric)
    }
    let outputs = pruning.template.outputs
    let probes = outputs > NetworkStatistics.mostExactOutputs ? criterion.probes : outputs
    var step = metrics.map { metric in
      PassShape.statistics(
        widths: widths, weights: weights, samples: samples, passes: metric == .none ? 0 : probes,
        covariances: [])
    }
    if compensation.regresses, widths.count > 2 {
      step += (3...widths.count).map { layer in
        let share = Double(weights) / Double(max(1, architecture.weightCount))
        let target = zip(widths[..<layer], widths[1..<layer]).reduce(0) { $0 + $1.0 * $1.1 }
        return PassShape.refit(
          widths: Array(widths[..<layer]), weights: Int(share * Double(target)),
          targetWeights: target, samples: samples)
      }
    }
    return (0..<criterion.steps).flatMap { _ in step }
  }
}
