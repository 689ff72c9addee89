import NeuralNetworks
import NumericCore
import Pruning
import Scheduler
import Schedules

/// How weights are removed, but for how many: what stages, the rounds of an alternation, studies and the
/// command `prune` have in common.
package struct PruningTemplate: Sendable {
  package let criterion: CriterionSettings
  package let budget: Budget
  /// One element a layer.
  package let limits: [LayerLimits]
  /// Of the network.
  package let outputs: Int

  /// - Parameters:
  ///   - layers: the names of the network's.
  ///   - outputs: of the network.
  /// - Throws: `BudgetError.noSuchLayer`, which decoding has ruled out for the schedule's own layers.
  package init(
    _ criterion: CriterionSettings, _ budget: Budget, layers: [String], outputs: Int
  ) throws(BudgetError) {
    self.criterion = criterion
    self.budget = budget
    limits = try budget.limits(of: layers)
    self.outputs = outputs
  }

  /// - Throws: `BudgetError.noSuchLayer`, likewise.
  package init(
    _ criterion: CriterionSettings, _ budget: Budget, of architecture: Architecture
  ) throws(BudgetError) {
    try self.init(
      criterion, budget, layers: architecture.layerNames, outputs: architecture.widths.last ?? 0)
  }

  var pruner: Pruner {
    Pruner(
      criterion: criterion.pruningCriterion, compensation: criterion.pruningCompensation,
      regrowth: criterion.regrow.map { Regrowth(share: $0) })
  }

  /// What weights are scored on, in memory.
  func samples(_ work: StageWork) -> SampleSet {
    let all = work.data.training
    let drawn = criterion.samples.map { all.subset($0, seed: work.drawSeed) } ?? all
    return drawn.inMemory(work.pool)
  }

  /// What scoring draws at random.
  func draws(_ work: StageWork) -> ScoringDraws {
    ScoringDraws(seed: work.drawSeed, probes: criterion.probes)
  }

  /// A model that pruning has come to, refined where that is wanted.
  ///
  /// - Parameters:
  ///   - before: the network before it was pruned.
  ///   - pool: one that is abandoned ends the work.
  /// - Throws: `PruningError`.
  func refined(
    _ pruned: (state: ModelState, report: PruningReport), toward before: Network, _ work: StageWork,
    pool: WorkerPool
  ) throws(PruningError) -> StageResult {
    var (model, report) = pruned
    if let refinement = criterion.refine {
      report.refinement = try refinement.refine(
        &model, toward: before, samples: samples(work), loss: work.loss, draws: draws(work),
        pool: pool)
    }
    return StageResult(model: model, pruning: report)
  }

  /// Makes sure that layers can come to `totals`, one pruning behind the other, as far as that can be told before
  /// anything is measured.
  ///
  /// - Parameter remaining: weights that each layer has left before; all unless stated.
  /// - Throws: `BudgetError` for what the limits rule out.
  package func demand(
    _ totals: [Int], of architecture: Architecture, remaining: [Int]? = nil
  ) throws(BudgetError) {
    var layers = LayerForecast(try architecture.profiles(), remaining: remaining)
    for total in totals { try layers.prune(to: total, by: budget, limits: limits) }
  }

  /// The target of a step that leaves `kept` weights.
  func target(_ kept: Int) -> PruningTarget { .total(kept, budget: budget, limits: limits) }
}
