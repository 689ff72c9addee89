import ModelFiles
import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Schedules
import Storage

extension StageKind {
  package static let prune = StageKind(model: "prune")
}

/// Scores the weights on the training part and leaves exactly as many as planned, in one step or in
/// several, and refines the survivors where that is wanted. Interrupted in a step, or behind the last, it
/// goes on behind the one before.
package struct PruneStage: ModelStage {
  /// Weights the whole network keeps; nil where that follows from what its layers take. A network that has
  /// fewer by then, since it was shrunk, keeps these.
  package let kept: Int?
  /// Whether it may have fewer.
  private let mayHaveFewer: Bool
  /// How, but for how much.
  package let template: PruningTemplate

  /// - Parameter mayHaveFewer: whether the network may have fewer weights than `kept` before.
  package init(keeping kept: Int?, _ template: PruningTemplate, mayHaveFewer: Bool = false) {
    self.kept = kept
    self.mayHaveFewer = mayHaveFewer
    self.template = template
  }

  package var kind: StageKind { .prune }

  package func keyMaterial(name: String) -> JSONObject {
    var json = template.criterion.resultSettings
    json["budget"] = template.budget.json
    json["weights"] = JSONValue(kept)
    if template.criterion.drawsAtRandom(outputs: template.outputs) { json["draws"] = .string(name) }
    return json
  }

  package var leaves: WeightKnowledge {
    kept == nil ? .open : mayHaveFewer ? .atMost : .exactly
  }

  package var callTime: CallTime? { template.budget.callTime }
  package var pruning: PruningTemplate? { template }

  private var steps: Int { template.criterion.steps }

  package var cost: StageCost {
    steps > 1 ? StageCost(networks: 1, moments: 1, hasAllWeights: true) : .none
  }

  package func run(from start: StageStart, _ work: StageWork) throws -> StageResult {
    let point: StepPoint
    let original: Network
    switch start {
    case .model(let base): (point, original) = (StepPoint(base), base.network)
    case .progress(let saved):
      guard let found = StepPoint(saved) else {
        preconditionFailure("progress is looked at before a stage goes on from it")
      }
      (point, original) = (found, try work.base().network)
      work.watch.report(.resumed(epoch: 0, step: point.done))
    }
    var last = point
    var failure: (any Error)?
    return try compute(work) { (pool) throws(PruningError) in
      let pruned = try template.pruner.prune(
        point.state, of: original, through: targets(from: point.counts, times: work.times),
        done: point.done, samples: template.samples(work), loss: work.loss,
        draws: template.draws(work), pool: pool
      ) { (state, done) throws(PruningError) in
        last = StepPoint(state: state, done: done, counts: point.counts)
        work.watch.report(.advanced(.steps(done: done, of: steps)))
        do {
          try work.watch.passed { last.progress(of: work.name) }
        } catch {
          failure = error
          throw .interrupted
        }
      }
      return try template.refined(pruned, toward: original, work, pool: pool)
    } progress: {
      if let failure { throw failure }
      return last.done == 0 ? nil : last.progress(of: work.name)
    }
  }

  /// `base` with the importances of its weights: what stages of one step have in common that leave
  /// different numbers of them.
  ///
  /// - Throws: `RunFailure`, and what `work` throws.
  package func score(_ base: ModelState, _ work: StageWork) throws -> ScoredModel {
    try compute(work) { (pool) throws(PruningError) in
      try template.pruner.score(
        base, samples: template.samples(work), loss: work.loss, draws: template.draws(work),
        pool: pool)
    }
  }

  /// What the stage, of one step and a stated number of weights, makes of the model that was scored.
  ///
  /// - Throws: `RunFailure`, and what `work` throws.
  package func run(from scored: ScoredModel, _ work: StageWork) throws -> StageResult {
    guard let kept, steps == 1 else {
      preconditionFailure("scores are shared by stages of one step that state their weights")
    }
    return try compute(work) { (pool) throws(PruningError) in
      try template.refined(
        scored.pruned(to: template.target(kept)), toward: scored.network, work, pool: pool)
    }
  }

  /// - Parameter progress: where an interrupted stage would go on from.
  private func compute<Result>(
    _ work: StageWork, _ body: (WorkerPool) throws(PruningError) -> Result,
    progress: () throws -> StageProgress? = { nil }
  ) throws -> Result {
    let result: Result
    do {
      result = try body(work.pool.interruptible(by: work.watch.isInterrupted))
    } catch .interrupted {
      try work.watch.interrupted(progress())
    } catch {
      throw RunFailure.failed(stage: work.name, reason: "\(error)")
    }
    try work.data.demandAllRead()
    return result
  }

  package func canContinue(
    from saved: CheckpointContents, as stage: PlannedStage, in plan: Plan
  ) -> Bool {
    guard let point = StepPoint(saved) else { return false }
    return point.done < steps && point.counts.count == plan.architecture.layerCount
      && zip(point.counts, point.state.network.layers).allSatisfy { $0 >= $1.remaining }
      && kept.map { min($0, point.counts.reduce(0, +)) <= point.state.network.remaining } ?? true
  }

  /// The targets of the steps, the last of them the stage's.
  ///
  /// - Parameter counts: the weights of each layer when the stage begins.
  private func targets(from counts: [Int], times: [LayerTime]?) -> [PruningTarget] {
    if let callTime, let ladder = template.budget.ladder, let times {
      let limit = callTime.limit(times)
      // On the way the time falls as counts do elsewhere, in whole nanoseconds.
      let now = Int(limit.nanoseconds(keeping: counts).rounded(.up))
      let on = GeometricSteps.counts(
        from: now, to: Int(min(Double(now), limit.nanoseconds)), steps: steps
      ).dropLast().map { TimeLimit(times: times, nanoseconds: Double($0)) }
      return (on + [limit]).map { .time($0, ladder: ladder, limits: template.limits) }
    }
    guard let kept else {
      preconditionFailure("a stage without a number of weights has the times of its layers")
    }
    let all = counts.reduce(0, +)
    return GeometricSteps.counts(from: all, to: min(kept, all), steps: steps).map(template.target)
  }
}

/// Where a pruning in several steps stands.
private struct StepPoint {
  let state: ModelState
  /// Steps that are done.
  let done: Int
  /// The weights of each layer when the stage began, from which the steps' targets follow.
  let counts: [Int]

  init(_ base: ModelState) {
    self.init(state: base, done: 0, counts: base.network.layers.map(\.remaining))
  }

  init(state: ModelState, done: Int, counts: [Int]) {
    self.state = state
    self.done = done
    self.counts = counts
  }

  /// Nil for what no pruning has saved.
  init?(_ saved: CheckpointContents) {
    guard let steps = saved.lineage["steps"], let done = steps["done"]?.intValue, done > 0,
      let counts = try? steps.array(at: "from").compactMap(\.intValue)
    else { return nil }
    self.init(state: saved.state, done: done, counts: counts)
  }

  func progress(of stage: String) -> StageProgress {
    StageProgress(
      state: state, training: TrainingProgress(stepInEpoch: done),
      notes: ["steps": ["done": JSONValue(done), "from": JSONValue(counts.map { JSONValue($0) })]]
    ) { .notFinite(stage: stage) }
  }
}

extension PruneSettings: StageEntry {
  package static var word: String { "prune" }
  package static var kinds: [StageKind] { [.prune] }

  package func plan(in builder: inout PlanBuilder) throws {
    try builder.demandKnownWeights()
    try builder.demandKnownShapes(for: budget)
    let template = try PruningTemplate(criterion, budget, of: builder.architecture)
    if budget.callTime != nil { return try builder.prune(to: nil, template) }
    let total =
      try target?.kept(of: builder.architecture.weightCount) ?? builder.stated(template)
    guard total <= builder.remaining else {
      throw PlanFault(
        "it would leave \(total) weights, but only \(builder.remaining) are left by then; "
          + "raise its sparsity")
    }
    try builder.prune(to: total, template)
  }
}

extension PlanBuilder {
  /// The total that a budget leaves which says it itself.
  func stated(_ template: PruningTemplate) throws -> Int {
    if template.budget.goal == .share { return remaining }
    guard let total = try layers.statedTotal(template.budget, limits: template.limits) else {
      throw PlanFault(
        "how many weights it leaves depends on what earlier stages will measure; state the "
          + "sparsity it is to reach (to)")
    }
    // A limit that the network is within already asks for nothing.
    return template.budget.limit == nil ? total : min(total, remaining)
  }

  /// A prune stage, called `current`, that leaves `total` weights; nil for one that finds out itself.
  mutating func prune(to total: Int?, _ template: PruningTemplate) throws {
    try checkCost(of: template.criterion)
    try followPruning(to: total, template)
    add(.model(PruneStage(keeping: total, template, mayHaveFewer: isShrunk)))
  }
}
