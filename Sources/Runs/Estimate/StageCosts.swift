import Engine
import NeuralNetworks
import Schedules

/// What the stages of a plan are made of, as works that can be measured.
///
/// Stages of one kind and settings are measured at a few densities of the network, and those between count as
/// between.
package struct StageCosts {
  private let plan: Plan
  private let works: StageWorks
  private let writing: CheckpointWriting
  /// The densities at which steps are measured, other stages, and checkpoints.
  private let training: DensityNodes
  private let scoring: DensityNodes
  private let storing: DensityNodes

  /// - Parameter writing: how checkpoints are written.
  package init(of plan: Plan, writing: CheckpointWriting) {
    self.plan = plan
    self.writing = writing
    works = StageWorks(of: plan)
    let densities = plan.stages.map { Self.density(behind: $0, plan) }
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

  /// What makes the files that `stage`, an export, writes.
  func files(of stage: PlannedStage) -> WorkCost? {
    guard case .leaf(let leaf) = stage.action, !leaf.files.isEmpty else { return nil }
    return seconds(of: stage)
  }

  /// What putting a checkpoint on disk takes beside.
  package var commit: WorkCost { works.commit }

  /// All works that the estimate of the plan goes by, each once, the most important first.
  package var all: [TimedWork] {
    // Exports are among these.
    let computing = plan.stages.compactMap(seconds(of:)).flatMap(\.works)
    let writing = plan.stages.compactMap(checkpoint(of:)).flatMap(\.works) + commit.works
    let trains = computing.filter { $0.name.hasPrefix("step") }
    var seen: Set<String> = []
    return (trains + writing + computing).filter { seen.insert($0.name).inserted }
  }
}
