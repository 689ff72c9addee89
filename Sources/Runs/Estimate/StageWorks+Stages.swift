import Datasets
import ModelFiles
import NeuralNetworks
import Pruning
import Scheduler
import Schedules
import Storage

/// Stages as they are in a run, on networks and samples that mean nothing.
extension StageWorks {
  /// `stage` on a network of that density.
  ///
  /// - Parameter comparesWithDense: whether it is compared with the network before the first pruning.
  func run(_ stage: PlannedStage, at density: Double, comparesWithDense: Bool) -> WorkCost? {
    let cost: WorkCost? =
      switch stage.action {
      case .search: nil
      case .leaf(let leaf): cost(of: leaf, stage, at: density, comparesWithDense)
      case .model(let prune as PruneStage): self.cost(of: prune, at: density)
      case .model(let other):
        .work(work(of: other, named: stage.kind.rawValue, samples: 1, at: density))
      }
    return cost.map { .repeated(run.scale, $0) }
  }

  // MARK: Pruning

  /// `prune` on a network of that density.
  func pruning(_ prune: PruneStage, at density: Double) -> WorkCost? {
    cost(of: prune, at: density).map { .repeated(run.scale, $0) }
  }

  /// A stage that goes by milliseconds prunes as one that goes by shares does, and measures what layers take before.
  private func limited(_ prune: PruneStage, _ call: CallTime, at density: Double) -> WorkCost? {
    guard
      let template = try? PruningTemplate(
        prune.template.criterion, Budget(), of: run.architecture),
      let pruning = cost(of: PruneStage(keeping: 1, template), at: density)
    else { return nil }
    return .sum([pruning, .fixed(InferenceTimes.seconds(measuring: run.architecture))])
  }

  private func cost(of prune: PruneStage, at density: Double) -> WorkCost? {
    if let call = prune.callTime { return limited(prune, call, at: density) }
    guard prune.kept != nil else { return nil }
    let criterion = prune.template.criterion
    let samples = min(criterion.samples ?? facts.trainingSamples, facts.trainingSamples)
    // How many weights go does not matter, but where a budget says itself how many stay.
    let isFree =
      prune.template.budget.goal == .share && prune.template.budget.granularity.pattern == nil
    let network = isFree ? density : 1
    let weights = Double(run.architecture.weightCount)
    let share = isFree ? 0.8 * network : Double(prune.kept ?? 0) / Double(max(1, weightCount))
    let kept = max(run.architecture.layerCount, Int(share * weights))
    let operations = scoringOperations * Double(criterion.steps)
    func measured(_ template: PruningTemplate, _ count: Int) -> TimedWork {
      let own = PruneStage(keeping: kept, template, mayHaveFewer: true)
      var settings = own.keyMaterial(name: "")
      if isFree { settings["weights"] = nil }
      let name = "prune \(Digest.sha256(JSONValue.object(settings).canonicalBytes).prefix(12))"
      return work(of: own, named: name, samples: count, at: network)
    }
    guard let most = prune.template.pruner.mostCompared(under: prune.template.budget),
      samples > most,
      let plain = try? PruningTemplate(criterion, Budget(policy: .uniform), of: run.architecture)
    else {
      return grown(to: samples, operations: operations) { measured(prune.template, $0) }
    }
    // What outputs are compared for grows no further, and the statistics do.
    return .sum([
      grown(to: most, operations: operations) { measured(prune.template, $0) },
      growth(from: most, to: samples, operations: operations) { measured(plain, $0) },
    ])
  }

  /// What statistics of one sample take: forward, back for every output through all layers but the first, and
  /// two sums a weight.
  private var scoringOperations: Double {
    let widths = run.architecture.widths
    let all = Double(run.architecture.weightCount)
    let first = Double(widths[0] * widths[1])
    let passes = Double(min(widths[widths.count - 1], NetworkStatistics.mostExactOutputs))
    return 2 * (3 * all + passes * (all - first))
  }

  // MARK: Works

  private func work(
    of stage: any ModelStage, named name: String, samples: Int, at density: Double
  ) -> TimedWork {
    let run = run
    return TimedWork(
      name: "\(name), \(run.name), \(samples) samples, density \(Self.text(density))"
    ) { bench in
      let data = RunData(training: run.samples(samples))
      let model = data.model(of: run.network(density: density), loss: run.loss)
      let work = StageWork(
        name: name, seed: 0, loss: run.loss, data: data, pool: bench.pool, watch: bench.watch,
        origin: { model })
      return {
        _ = try stage.run(from: .model(model), work)
        return nil
      }
    }
  }

  private func cost(
    of leaf: any LeafStage, _ stage: PlannedStage, at density: Double, _ comparesWithDense: Bool
  ) -> WorkCost? {
    guard let evaluation = leaf as? EvaluateSettings else {
      return .work(work(of: leaf, stage, samples: 256, at: density, comparesWithDense))
    }
    let count = facts.samples(of: evaluation.part)
    guard count > 0 else { return nil }
    return grown(to: count, operations: 6 * Double(run.architecture.weightCount)) {
      work(of: leaf, stage, samples: $0, at: density, comparesWithDense)
    }
  }

  private func work(
    of leaf: any LeafStage, _ stage: PlannedStage, samples: Int, at density: Double,
    _ comparesWithDense: Bool
  ) -> TimedWork {
    let run = run
    let settings = Digest.sha256(stage.settings.canonicalBytes).prefix(12)
    return TimedWork(
      name: "\(stage.kind.rawValue) \(settings)\(comparesWithDense ? " beside dense" : ""), "
        + "\(run.name), \(samples) samples, density \(Self.text(density))"
    ) { bench in
      let part = run.samples(samples)
      let data = RunData(training: part, validation: part, test: part)
      let model = data.model(of: run.network(density: density), loss: run.loss)
      let before = run.network(density: 1)
      let stored = try Checkpoint.encode(
        CheckpointContents(state: ModelState(network: before), lineage: stage.settings), level: 1,
        digest: { Digest.sha256($0) })
      let made = StageWork(
        name: stage.name, seed: 0, loss: run.loss, data: data, pool: bench.pool,
        watch: bench.watch)
      let work = LeafWork(
        made, keeps: false,
        dense: { _ in
          guard comparesWithDense else { return nil }
          _ = try Checkpoint.decode(stored, digest: { Digest.sha256($0) })
          let evaluator = Evaluator(samples: part, loss: run.loss, pool: bench.pool)
          return DenseScores(
            stage: "", metrics: evaluator.metrics(of: before), scores: evaluator.scores(of: before))
        })
      return { try leaf.run(on: model, work).files.reduce(0) { $0 + $1.bytes } }
    }
  }
}

extension DataFacts {
  /// Samples of a part; 0 where there is none.
  fileprivate func samples(of part: DataPartName) -> Int {
    switch part {
    case .train: trainingSamples
    case .validation: validationSamples ?? 0
    case .test: testSamples ?? 0
    }
  }
}

extension WorkBench {
  /// What ends a stage that takes too long.
  fileprivate var watch: StageWatch {
    var watch = StageWatch()
    watch.isInterrupted = isOver
    watch.interrupted = { _ in throw WorkTooLong() }
    return watch
  }
}
