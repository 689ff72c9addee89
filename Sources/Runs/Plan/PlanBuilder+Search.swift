import Scheduler
import Schedules
import Storage

/// Planning a search, of which only the beginning is known before it runs.
extension PlanBuilder {
  mutating func add(_ settings: SearchSettings) throws {
    try demandKnownWeights()
    try checkCost(of: settings.criterion)
    let limits = try settings.budget.limits(of: architecture.layerNames)
    let least = try layers.leaveOpen(limits: limits)
    let limit = settings.limit?.kept(of: architecture.weightCount) ?? 0
    guard limit <= remaining else {
      throw PlanFault(
        "only \(remaining) weights are left by then, fewer than the \(limit) that its sparsity "
          + "leaves; raise it (to)")
    }
    let search = SparsitySearch(
      start: remaining, least: max(1, min(remaining, max(least, limit))), step: settings.step,
      minimalStep: settings.minimalStep, rounds: settings.rounds)
    guard search.mostTrials(limit: CurveEnds.maximumRounds) != nil else {
      throw PlanFault(
        "with so small a minimal_step it may take more than \(CurveEnds.maximumRounds) trials; "
          + "raise it, or give rounds")
    }
    let action = SearchAction(
      search: search, test: settings.test,
      pruning: PruningTemplate(
        criterion: settings.criterion, budget: settings.budget, limits: limits,
        outputs: architecture.widths.last ?? 0),
      finetune: settings.finetune)
    var json = settings.json
    // Trials draw the order of their samples from their names, which begin with this one.
    json["order"] = .string(current)
    json["prune"] = .object(settings.criterion.resultSettings)
    json["weights"] = JSONValue(search.least)
    draft(
      .search, current, .search(action), json, origin: settings.rewind.flatMap(place),
      rewinds: settings.rewind != nil)
  }

  /// The position of the stage that finds out itself how many weights it leaves, if there is one so
  /// far.
  var open: Int? { drafts.firstIndex { $0.action.findsWeights } }

  /// The stage there, for messages.
  func openName(_ index: Int) -> String {
    let draft = drafts[index]
    return draft.kind == .search ? "the search \(draft.name)" : "\(draft.name) with its limit"
  }

  /// - Throws: `PlanFault` where how many weights are left is known only when a stage before has run.
  func demandKnownWeights() throws {
    guard let open else { return }
    throw PlanFault(
      "it comes behind \(openName(open)), and how many weights that leaves is known only when it has "
        + "run; put it before \(drafts[open].name), or prune in a schedule of its own that starts "
        + "from the result (model: {start: FILE})")
  }
}
