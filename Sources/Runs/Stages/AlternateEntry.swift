import Pruning
import Scheduler
import Schedules
import Storage

/// An `alternate` stage: rounds of other stages, or, with `until`, a search.
package enum AlternateEntry: StageEntry {
  case rounds(AlternateSettings)
  case search(SearchSettings)

  package static var word: String { "alternate" }
  package static var kinds: [StageKind] { [.search, .release] }

  package static func block(in context: StageContext) -> Block<AlternateEntry> {
    AlternateSettings.block(in: context).map({ .rounds($0) }) {
      if case .rounds(let settings) = $0 { settings } else { preconditionFailure("a search") }
    }
  }

  package static var blocks: [BlockDescription] {
    [block(in: .undecided).description, SearchSettings.block(in: .undecided).description]
  }

  package static func decoded(
    from field: Field, in context: inout StageContext
  ) -> AlternateEntry? {
    let block = block(in: context)
    let entry: AlternateEntry? =
      field.member("until") == nil
      ? field.keys(of: block, and: ["until"]).flatMap(block.decode)
      : SearchSettings.block(in: context).read(field).map { .search($0) }
    if let entry {
      // Without training the optimizer is that of before.
      if let last = entry.lastTraining { context.lastOptimizer = .known(last.options.optimizer) }
    } else {
      context.lastOptimizer = .unknown
    }
    return entry
  }

  /// The settings of the training that comes last; nil for a search without any.
  private var lastTraining: TrainSettings? {
    switch self {
    case .rounds(let settings): settings.fineTuning.finish ?? settings.fineTuning.rounds
    case .search(let settings): settings.finetune
    }
  }

  package var json: JSONObject {
    switch self {
    case .rounds(let settings): settings.json
    case .search(let settings): settings.json
    }
  }

  package var rewind: RewindSettings? {
    switch self {
    case .rounds(let settings): settings.rewind
    case .search(let settings): settings.rewind
    }
  }

  package var shrinks: Bool {
    switch self {
    case .rounds(let settings): settings.release != nil
    case .search: false
    }
  }

  package func plan(in builder: inout PlanBuilder) throws {
    switch self {
    case .rounds(let settings): try builder.add(settings)
    case .search(let settings): try builder.add(settings)
    }
  }
}

/// What a round of an alternation is made of, or a trial of a search.
struct RoundTemplate: Sendable {
  let pruning: PruningTemplate
  /// Whether it rewinds between pruning and fine-tuning.
  let rewinds: Bool
  /// Nil where it does not train.
  let finetune: TrainSettings?

  /// One of its stages.
  struct Step {
    let name: String
    let stage: any ModelStage
    /// Whether it goes back to an earlier model.
    var rewinds = false
  }

  /// Its stages when it leaves `total` weights; `prefix` is what their names begin with.
  func steps(keeping total: Int, prefix: String) -> [Step] {
    let name = prefix + "finetune"
    return [Step(name: prefix + "prune", stage: PruneStage(keeping: total, pruning))]
      + (rewinds ? [Step(name: prefix + "rewind", stage: RewindStage(), rewinds: true)] : [])
      + (finetune.map { [Step(name: name, stage: TrainStage(.finetune, $0, orderName: name))] }
        ?? [])
  }
}

extension PlanBuilder {
  fileprivate mutating func add(_ settings: AlternateSettings) throws {
    try demandKnownWeights()
    try demandKnownShapes(for: settings.budget)
    let weights = architecture.weightCount
    let round = RoundTemplate(
      pruning: try PruningTemplate(settings.criterion, settings.budget, of: architecture),
      rewinds: settings.rewind != nil,
      finetune: settings.fineTuning.rounds)
    // A list says itself where it ends.
    let isList = if case .list = settings.curve { true } else { false }
    let follows = settings.budget.goal != .share && !isList
    let target =
      try settings.target
      ?? (follows ? Sparsity(kept: stated(round.pruning), of: weights) : nil)
    let totals = try RoundTotals(
      curve: settings.curve, remaining: remaining, of: weights, to: target,
      rounds: settings.rounds
    ).kept
    let (name, origin) = (current, settings.rewind.map(place))
    if let origin { try demandSameShapes(as: origin, for: "its rounds") }
    let finish = settings.fineTuning.finish
    let most = settings.release != nil ? 4 : round.rewinds ? 3 : 2
    try demandRoom(for: most * totals.count + (finish == nil ? 0 : 1))
    for (index, total) in totals.enumerated() {
      let prefix = StageName.round(index + 1, of: name)
      let steps = round.steps(keeping: total, prefix: prefix)
      current = steps[0].name
      try demandKnownShapes(for: settings.budget)
      try prune(to: total, round.pruning)
      if let release = settings.release,
        release.takesPlace(inRound: index + 1, of: totals.count)
      {
        add(release.release, prefix: prefix)
      }
      for step in steps.dropFirst() {
        add(.model(step.stage), name: step.name, origin: step.rewinds ? origin : nil)
      }
    }
    if let finish {
      let finishName = StageName.finish(of: name)
      add(.model(TrainStage(.finetune, finish, orderName: finishName)), name: finishName)
    }
  }

  /// What leaves out units in a round, and lets weights grow back.
  private mutating func add(_ release: Release, prefix: String) {
    shrink(ShrinkSettings(mergesIdentical: true), name: prefix + "shrink")
    self.release(ReleaseStage(release: release), name: prefix + "release")
  }

  fileprivate mutating func add(_ settings: SearchSettings) throws {
    try demandKnownWeights()
    try demandNoShrinking()
    try checkCost(of: settings.criterion)
    let round = RoundTemplate(
      pruning: try PruningTemplate(settings.criterion, settings.budget, of: architecture),
      rewinds: settings.rewind != nil,
      finetune: settings.finetune)
    let least = try layers.leaveOpen(limits: round.pruning.limits)
    let limit = settings.limit?.fewestKept(of: architecture.weightCount) ?? 0
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
    add(
      .search(SearchStage(search: search, settings: settings, round: round)),
      origin: settings.rewind.map(place))
  }
}
