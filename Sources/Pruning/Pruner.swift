import Engine
import NeuralNetworks
import NumericCore
import Scheduler

/// Removes the least important weights of a network and compensates for them, in one step or in several
/// with importances measured anew between them.
///
/// Masks are nested, unless weights are to grow back: what was removed stays removed. Counts are exact.
/// Ties go by (importance, layer, row-major index), so the same model and samples always give the same
/// masks.
package struct Pruner: Sendable {
  private let criterion: any PruningCriterion
  private let compensation: any Compensation
  let regrowth: Regrowth?

  /// - Parameter regrowth: how the last step brings weights back; nil for not at all.
  package init(
    criterion: any PruningCriterion, compensation: any Compensation, regrowth: Regrowth? = nil
  ) {
    self.regrowth = regrowth
    self.criterion = criterion
    self.compensation = compensation
  }

  /// Prunes `state` to `target`, scoring weights on `samples`.
  ///
  /// The moments of removed weights become 0 where the state has an optimizer; those of other weights
  /// stay, whatever compensation does to the weights.
  ///
  /// - Parameters:
  ///   - loss: what the network was trained for.
  ///   - draws: decides what scoring draws at random.
  /// - Returns: the pruned model, and what was removed from each layer.
  /// - Throws: `PruningError`.
  package func prune(
    _ state: ModelState, to target: PruningTarget, samples: SampleSet, loss: Loss,
    draws: ScoringDraws = ScoringDraws(), pool: WorkerPool
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    try prune(
      state, through: [target], samples: samples, loss: loss, draws: draws, pool: pool)
  }

  /// Prunes `state` to each of `targets` (at least one) in turn, without training in between; all steps
  /// score on the same samples.
  ///
  /// - Parameters:
  ///   - original: the network before the first of the targets, by which a compensation may go; nil for
  ///     the state's own, where no step is done yet.
  ///   - done: how many of the targets `state` has behind it: it is what `stepped` was given.
  ///   - pool: one that is abandoned ends the work with `PruningError.interrupted`.
  ///   - stepped: takes the model after each step but the last, and how many are done by then.
  /// - Throws: `PruningError`.
  package func prune(
    _ state: ModelState, of original: Network? = nil, through targets: [PruningTarget],
    done: Int = 0, samples: SampleSet, loss: Loss, draws: ScoringDraws = ScoringDraws(),
    pool: WorkerPool,
    stepped: (_ state: ModelState, _ done: Int) throws(PruningError) -> Void = { _, _ in }
  ) throws(PruningError) -> (state: ModelState, report: PruningReport) {
    precondition(targets.indices.contains(done), "at least one target is left")
    precondition(done == 0 || original != nil, "behind a step the network before it is known")
    let original = compensation.regresses ? original ?? state.network : nil
    var state = state
    var context: ScoringContext?
    var report: PruningReport?
    for index in done..<targets.count {
      let isLast = index == targets.count - 1
      let next = try ScoringContext(
        network: state.network, samples: samples, loss: loss,
        metrics: [criterion.metric, compensation.metric].compactMap { $0 }, pool: pool,
        draws: draws.step(index + 1), regressingTo: original, after: context)
      let step = try prune(&state, to: targets[index], regrowth: isLast ? regrowth : nil, next)
      report = report.map { $0.followed(by: step) } ?? step
      context = next
      if !isLast { try stepped(state, index + 1) }
    }
    return (state, report!)
  }

  /// `state` with the importances of its weights, measured once for any number of targets.
  ///
  /// - Parameters:
  ///   - loss: what the network was trained for.
  ///   - draws: decides what scoring draws at random.
  /// - Throws: `PruningError`.
  package func score(
    _ state: ModelState, samples: SampleSet, loss: Loss, draws: ScoringDraws = ScoringDraws(),
    pool: WorkerPool
  ) throws(PruningError) -> ScoredModel {
    let context = try ScoringContext(
      network: state.network, samples: samples, loss: loss,
      metrics: [criterion.metric, compensation.metric].compactMap { $0 }, pool: pool,
      draws: draws.step(1), regressingTo: compensation.regresses ? state.network : nil)
    return ScoredModel(
      pruner: self, state: state, context: context,
      importances: try criterion.importances(context))
  }

  /// One step.
  private func prune(
    _ state: inout ModelState, to target: PruningTarget, regrowth: Regrowth?,
    _ context: ScoringContext
  ) throws(PruningError) -> PruningReport {
    try prune(
      &state, to: target, by: try criterion.importances(context), regrowth: regrowth, context)
  }

  /// One step, by importances that are known.
  func prune(
    _ state: inout ModelState, to target: PruningTarget, by importances: [Matrix],
    regrowth: Regrowth?, _ context: ScoringContext
  ) throws(PruningError) -> PruningReport {
    try context.pool.checkInterruption()
    let choice = try choose(importances, state.network.layers, target, regrowth, context)
    try context.pool.checkInterruption()
    let (selections, exchanged) = (choice.selections, choice.exchanged)
    for (index, selection) in selections.enumerated() where !selection.weights.isEmpty {
      state.network.layers[index].remove(selection.weights)
    }
    let compensated = compensation.apply(
      to: &state.network, removed: selections.map(\.weights), context)
    try context.pool.checkInterruption()
    // Before anything grows back, so that what does starts without moments.
    state.optimizer?.apply(masksOf: state.network)
    for (index, units) in choice.units.enumerated() { state.silence(units, ofLayer: index) }
    try Regrowth.regrow(exchanged, in: &state.network, context)
    try context.pool.checkInterruption()
    for layer in state.network.layers where !layer.bias.allSatisfy(\.isFinite) {
      throw .biasNotFinite(layer: layer.name)
    }

    let layers = state.network.layers.enumerated().map { index, layer in
      let selection = selections[index]
      return PruningReport.Layer(
        name: layer.name, weights: layer.weights.count, removed: selection.weights.count,
        regrown: exchanged[index], units: choice.units[index].count, remaining: layer.remaining,
        largestRemovedImportance: selection.largestImportance)
    }
    return PruningReport(
      layers: layers, steps: 1, compensation: compensated, budget: choice.report)
  }

  /// What goes in one step; one element a layer.
  private struct Choice {
    let selections: [WeightSelection]
    /// Weights that grow back.
    let exchanged: [Int]
    /// Units that go whole.
    let units: [[Int]]
    let report: BudgetReport?
  }

  /// Chooses what goes from `layers`, so that with what grows back they come to the target.
  private func choose(
    _ importances: [Matrix], _ layers: [DenseLayer], _ target: PruningTarget,
    _ regrowth: Regrowth?, _ context: ScoringContext
  ) throws(PruningError) -> Choice {
    let none = layers.map { _ in 0 }
    if criterion.scope == .row, let budget = target.budget, budget.rule.basis == .importances {
      throw .countsNotFixed(criterion: criterion.name, policy: budget.name)
    }
    if case .total(let kept, let budget, let limits) = target, let rule = budget.unitRule {
      let eliminations = try eliminations(context)
      do throws(BudgetError) {
        let removal = try UnitRemoval(
          by: criterion, importances, of: layers, eliminations: eliminations, keeping: kept,
          rule: rule, limits: limits)
        return Choice(
          selections: removal.selections, exchanged: none, units: removal.units, report: nil)
      } catch {
        throw .budget(error)
      }
    }
    let (ranking, counts, report) = try divide(importances, layers, target, context)
    let exchanged =
      regrowth?.exchanges(
        in: ranking.profiles, keeping: counts, limits: target.limits) ?? none
    do throws(BudgetError) {
      let selections = try ranking.selections(keeping: zip(counts, exchanged).map { $0 - $1 })
      return Choice(
        selections: selections, exchanged: exchanged, units: layers.map { _ in [] },
        report: report)
    } catch {
      throw .budget(error)
    }
  }

  /// What units cost where the criterion asks what is left when the compensation, a regression, has done its
  /// best; else nil for each hidden layer.
  private func eliminations(
    _ context: ScoringContext
  ) throws(PruningError) -> [UnitElimination?] {
    guard eliminatesUnits, let metric = criterion.metric
    else { return context.network.layers.dropFirst().map { _ in nil } }
    return try UnitElimination.layers(context, under: metric)
  }

  private var eliminatesUnits: Bool {
    compensation.regresses && criterion.presumesCompensation && criterion.metric != nil
  }

  /// Of the samples that weights are scored on, those at most on which it is measured what removals under `budget`
  /// do to the outputs; nil where that is not measured.
  package func mostCompared(under budget: Budget) -> Int? {
    if budget.unitRule != nil { return eliminatesUnits ? UnitElimination.mostMeasured : nil }
    return budget.ladder == nil ? nil : CurveMeasurement.mostMeasured
  }

  private func measurement(
    _ ranking: WeightRanking, _ context: ScoringContext
  ) -> CurveMeasurement {
    CurveMeasurement(
      ranking: ranking, criterion: criterion, compensation: compensation, context: context)
  }

  /// Ranks the weights of `layers` and divides the target among these: how many of each stay, and by which
  /// curves, where the policy compares such.
  private func divide(
    _ importances: [Matrix], _ layers: [DenseLayer], _ target: PruningTarget,
    _ context: ScoringContext
  ) throws(PruningError) -> (WeightRanking, counts: [Int], BudgetReport?) {
    do throws(BudgetError) {
      let ranking = try WeightRanking(
        by: criterion, importances, of: layers, pattern: target.budget?.granularity.pattern)
      let division: CurveMeasurement.Division
      switch target {
      case .total(let kept, let budget, let limits):
        guard let ladder = budget.ladder else {
          let demand = try BudgetDemand(
            keeping: kept, of: ranking.profiles, limits: limits, degree: criterion.degree)
          return (ranking, try budget.keptCounts(demand), nil)
        }
        var curves = measurement(ranking, context)
        division = try curves.division(
          keeping: kept, by: budget.rule, ladder: ladder, limits: limits)
      case .time(let limit, let ladder, let limits):
        var curves = measurement(ranking, context)
        division = try curves.division(within: limit, ladder: ladder, limits: limits)
      case .layers(let counts):
        precondition(counts.count == layers.count, "a count for each layer")
        for (layer, count) in zip(ranking.profiles, counts) where !(0...layer.remaining ~= count) {
          throw .layerCount(layer: layer.name, demanded: count, remaining: layer.remaining)
        }
        return (ranking, counts, nil)
      }
      return (ranking, division.counts, division.report)
    } catch {
      throw context.pool.isAbandoned ? .interrupted : .budget(error)
    }
  }
}

extension ModelState {
  /// Makes the biases of units that have lost all their weights 0, and the moments of these.
  fileprivate mutating func silence(_ units: [Int], ofLayer index: Int) {
    for unit in units {
      network.layers[index].bias[unit] = 0
      if optimizer?.first.isEmpty == false { optimizer?.first[index].bias[unit] = 0 }
      if optimizer?.second.isEmpty == false { optimizer?.second[index].bias[unit] = 0 }
    }
  }
}

extension DenseLayer {
  /// Prunes the weights `indices`, on top of what is pruned already.
  mutating func remove(_ indices: [Int]) {
    var mask = keepingMask
    mask.remove(indices)
    apply(mask)
  }
}
