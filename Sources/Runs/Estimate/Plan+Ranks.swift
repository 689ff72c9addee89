import Engine
import Pruning

extension Plan {
  /// What `ranks` would share of each training and of what each pruning measures, those of a search's trials
  /// included, where each of these holds as is expected of it. Other stages run on one rank while the others wait.
  package func forecasts(for ranks: ExpectedRanks) -> [RankForecast] {
    stages.flatMap { stage -> [RankForecast] in
      if case .search(let search) = stage.action { return forecasts(of: search, stage, for: ranks) }
      let before = self.stage(under: stage.parent)?.mostWeights ?? architecture.weightCount
      return
        (stage.action.modelStage.flatMap {
          forecast(named: stage.name, of: $0, from: before, keeping: stage.mostWeights, for: ranks)
        }).map { [$0] } ?? []
    }
  }

  private func forecasts(
    of search: SearchStage, _ stage: PlannedStage, for ranks: ExpectedRanks
  ) -> [RankForecast] {
    StageCosts.trials(of: search.search).enumerated().flatMap { index, trial in
      search.round.steps(keeping: trial.kept, prefix: "\(stage.name)/\(index + 1)/").compactMap {
        forecast(named: $0.name, of: $0.stage, from: trial.from, keeping: trial.kept, for: ranks)
      }
    }
  }

  /// Nil for a stage that neither trains nor measures.
  private func forecast(
    named name: String, of stage: any ModelStage, from before: Int, keeping kept: Int,
    for ranks: ExpectedRanks
  ) -> RankForecast? {
    switch stage {
    case let training as TrainStage:
      forecast(named: name, of: training, weights: kept, for: ranks)
    case let pruning as PruneStage:
      forecast(
        named: name, passes: passes(of: pruning, from: before, keeping: kept), for: ranks)
    default: nil
    }
  }

  private func forecast(
    named name: String, of training: TrainStage, weights: Int, for ranks: ExpectedRanks
  ) -> RankForecast {
    let batch = max(1, min(training.settings.settings.batch, facts.trainingSamples))
    let step = StepShape(
      widths: architecture.widths, weights: weights, batch: batch, isSharded: shardsInputs)
    let (count, threads, rates) = (ranks.count, ranks.threads, ranks.rates)
    let staysInFile = readsInputs && !shardsInputs
    let sharing: StepSharing =
      staysInFile
      ? .alone
      : rates.sharing(of: step, demanded: ranks.demanded, ranks: count, threads: threads)
    let steps =
      training.range.count * ((max(1, facts.trainingSamples) + batch - 1) / batch)
    func seconds(_ sharing: StepSharing) -> Double {
      Double(steps) * rates.seconds(of: step, sharing, ranks: count, threads: threads)
    }
    return RankForecast(
      name: name, unit: .step, sharing: sharing,
      obstacle: staysInFile
        ? .inputsInFile
        : rates.obstacle(to: step, demanded: ranks.demanded, ranks: count, threads: threads),
      bytes: step.received(sharing, ranks: count) / count,
      bytesSummingGradients: step.receivedSummingGradients(ranks: count) / count,
      secondsAlone: seconds(.alone), seconds: seconds(sharing))
  }

  /// Nil for a pruning that measures nothing.
  private func forecast(
    named name: String, passes: [PassShape], for ranks: ExpectedRanks
  ) -> RankForecast? {
    // What decides is the pass that takes longest.
    guard let longest = passes.max(by: { $0.operations < $1.operations }) else { return nil }
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
      name: name, unit: .stage, sharing: bytes > 0 ? .samplesAndRows : .alone,
      obstacle: ranks.demanded == .alone ? .demand : longest.obstacle ?? .costs,
      bytes: bytes, secondsAlone: alone, seconds: shared)
  }

  // MARK: Passes

  /// The passes over samples of a pruning, and its regressions, but for those of its refinement.
  private func passes(
    of pruning: PruneStage, from before: Int, keeping kept: Int
  ) -> [PassShape] {
    let criterion = pruning.template.criterion
    let samples = max(1, min(criterion.samples ?? .max, facts.trainingSamples))
    let (widths, compensation) = (architecture.widths, criterion.pruningCompensation)
    var metrics: [OutputMetric] = []
    for metric in [criterion.pruningCriterion.metric, compensation.metric].compactMap({ $0 })
    where !metrics.contains(metric) {
      metrics.append(metric)
    }
    let outputs = pruning.template.outputs
    let probes = outputs > NetworkStatistics.mostExactOutputs ? criterion.probes : outputs
    var step = metrics.map { metric in
      PassShape.statistics(
        widths: widths, weights: before, samples: samples, passes: metric == .none ? 0 : probes,
        covariances: [])
    }
    if compensation.regresses {
      step += refits(from: before, samples: samples) + regressions(keeping: kept)
    }
    return (0..<criterion.steps).flatMap { _ in step }
  }

  /// What the rows of each layer but the first are refitted from.
  private func refits(from before: Int, samples: Int) -> [PassShape] {
    let widths = architecture.widths
    return widths.indices.dropFirst(2).map { last in
      let target = zip(widths[..<last], widths[1...last]).reduce(0) { $0 + $1.0 * $1.1 }
      return PassShape.refit(
        widths: Array(widths[...last]), weights: Int(share(of: before) * Double(target)),
        targetWeights: target, samples: samples)
    }
  }

  /// The regressions of each layer, as if all rows kept the same share of their weights.
  private func regressions(keeping kept: Int) -> [PassShape] {
    let widths = architecture.widths
    return zip(widths, widths.dropFirst()).map { inputs, units in
      let row = Int(share(of: kept) * Double(inputs))
      let work = RegressionQuestions.work(
        inputs: inputs, sizes: Array(repeating: row, count: units))
      return PassShape.regression(
        inputs: inputs, units: units, kept: units * row, operations: work.operations)
    }
  }

  private func share(of weights: Int) -> Double {
    Double(weights) / Double(max(1, architecture.weightCount))
  }
}
