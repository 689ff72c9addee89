import Engine
import NeuralNetworks
import Scheduler
import Schedules

/// What the stages of a plan are made of, as works that can be measured.
///
/// Stages of one kind and settings are measured at a few densities of the network, and those between count as
/// between.
package struct StageCosts {
  let plan: Plan
  private let works: StageWorks
  private let writing: CheckpointWriting
  /// What reads the data once; nil where nobody knows.
  let reading: TimedWork?
  /// Whether the run is one of a night, at the end of which networks are compared.
  private let isNight: Bool
  /// The densities at which steps are measured, other stages, and checkpoints.
  private let training: DensityNodes
  private let scoring: DensityNodes
  private let storing: DensityNodes

  /// - Parameters:
  ///   - writing: how checkpoints are written.
  ///   - reading: what reads the data once; nil where nobody knows.
  ///   - isNight: whether the run is one of a night, at the end of which networks are compared.
  package init(
    of plan: Plan, writing: CheckpointWriting, reading: TimedWork? = nil, isNight: Bool = false
  ) {
    self.plan = plan
    self.writing = writing
    self.reading = reading
    self.isNight = isNight
    works = StageWorks(of: plan)
    let all = Double(max(1, plan.architecture.weightCount))
    let densities = plan.stages.flatMap { stage -> [Double] in
      guard case .search(let search) = stage.action else {
        return [Self.density(behind: stage, plan)]
      }
      return Self.trials(of: search.search).map { Double($0.kept) / all }
    }
    training = DensityNodes(
      among: densities, near: 0.1, step: KernelTable.committed(for: .chosen).density)
    // Scoring all weights takes about as long however few are left.
    scoring = DensityNodes(among: densities, near: nil, step: nil)
    storing = DensityNodes(among: densities, near: 0.1, step: nil)
  }

  /// The share of its weights that the network has behind `stage`, at most.
  private static func density(behind stage: PlannedStage, _ plan: Plan) -> Double {
    Double(stage.mostWeights) / Double(max(1, plan.architecture.weightCount))
  }

  /// The share of its weights that the network has before `stage`, at most.
  private func density(before stage: PlannedStage) -> Double {
    let parent = plan.stage(under: stage.source).map { Self.density(behind: $0, plan) }
    let start = plan.start.map {
      Double($0.network.remaining) / Double(max(1, plan.architecture.weightCount))
    }
    return parent ?? start ?? 1
  }

  // MARK: Seconds

  /// What computing `stage` takes, as its record will say; nil for one of which nobody can know.
  package func seconds(of stage: PlannedStage) -> WorkCost? {
    if case .search(let search) = stage.action { return seconds(of: search, stage) }
    let after = Self.density(behind: stage, plan)
    let own: WorkCost?
    if let stage = stage.action.modelStage as? TrainStage {
      own = training.cost(at: after) { seconds(of: stage, at: $0) }
    } else {
      let isCompared = plan.dense(before: stage) != nil
      own = scoring.cost(at: density(before: stage)) {
        works.run(stage, at: $0, comparesWithDense: isCompared)
      }
    }
    guard let own, stage.kind.changesModel else { return own }
    return training.cost(at: after) { measuring(at: $0) }.map { .sum([own, $0]) }
  }

  /// What `stage`, of a trial, takes.
  func seconds(of stage: any ModelStage, from: Int, keeping kept: Int) -> WorkCost? {
    let all = Double(max(1, plan.architecture.weightCount))
    let (before, after) = (Double(from) / all, Double(kept) / all)
    let own: WorkCost?
    switch stage {
    case let train as TrainStage: own = training.cost(at: after) { seconds(of: train, at: $0) }
    case let prune as PruneStage: own = scoring.cost(at: before) { works.pruning(prune, at: $0) }
    // Going back to an earlier model computes nothing.
    default: own = .sum([])
    }
    guard let own else { return nil }
    return training.cost(at: after) { measuring(at: $0) }.map { .sum([own, $0]) }
  }

  /// The epochs of a training, each measured where there is a validation part.
  private func seconds(of stage: TrainStage, at density: Double) -> WorkCost {
    let settings = stage.settings.settings
    let epochs = Double(stage.range.count)
    let steps = (plan.facts.trainingSamples + settings.batch - 1) / max(1, settings.batch)
    var parts: [WorkCost] = [works.step(settings, at: density, times: epochs * Double(steps))]
    if let samples = plan.facts.validationSamples, samples > 0 {
      parts.append(works.metrics(samples, at: density, times: epochs))
    }
    return .sum(parts)
  }

  /// What every model is measured on at the end of its stage.
  private func measuring(at density: Double) -> WorkCost {
    let samples = plan.facts.validationSamples ?? plan.facts.trainingSamples
    return works.metrics(max(1, samples), at: density, times: 1)
  }

  // MARK: Files

  /// What writing the checkpoint of `stage` takes: of seconds what compressing does, and of bytes what is
  /// written; nil for a stage without one.
  package func checkpoint(of stage: PlannedStage) -> WorkCost? {
    guard stage.kind.changesModel, stage.kind != .search else { return nil }
    return storing.cost(at: Self.density(behind: stage, plan)) {
      works.sealing(stage, in: plan, writing, at: $0)
    }
  }

  /// The checkpoint of a stage of a trial of `search` that keeps so many weights.
  func sealing(_ search: PlannedStage, keeping kept: Int) -> WorkCost? {
    storing.cost(at: Double(kept) / Double(max(1, plan.architecture.weightCount))) {
      works.sealing(search, in: plan, writing, at: $0)
    }
  }

  /// What makes the files that `stage`, an export, writes.
  func files(of stage: PlannedStage) -> WorkCost? {
    guard case .leaf(let leaf) = stage.action, !leaf.files.isEmpty else { return nil }
    return seconds(of: stage)
  }

  /// What putting a checkpoint on disk takes beside.
  package var commit: WorkCost { works.commit(in: plan) }

  /// What the comparison at the end of a night takes: both networks on the test part, and both scores of every
  /// sample; nothing for a run that is none.
  var contest: WorkCost {
    guard isNight else { return .sum([]) }
    return works.metrics(max(1, plan.facts.testSamples ?? 1), at: 1, times: 4)
  }

  /// All works that the estimate of the plan goes by, each once, the most important first.
  package var all: [TimedWork] {
    // Exports are among these.
    let computing = plan.stages.compactMap(seconds(of:)).flatMap(\.works)
    let writing = plan.stages.compactMap(checkpoint(of:)).flatMap(\.works) + commit.works
    let reading = reading.map { [$0] } ?? []
    let trains = computing.filter { $0.name.hasPrefix("step") }
    var seen: Set<String> = []
    return (trains + writing + reading + computing + contest.works).filter {
      seen.insert($0.name).inserted
    }
  }
}
