import NeuralNetworks
import Pipeline
import Scheduler
import Schedules
import Storage

extension Plan {
  /// Expands `schedule` for data of which `facts` are known.
  ///
  /// - Throws: `RunFailure.invalid` for what the data or the counts make impossible.
  package init(of schedule: Schedule, facts: DataFacts) throws(RunFailure) {
    let loss = schedule.training.loss
    let outputs = try Plan.outputs(for: loss, facts: facts)
    architecture = Architecture(
      widths: [facts.inputs] + schedule.model.hidden + [outputs],
      activation: schedule.model.activation, initialization: schedule.model.initialization)
    if let start = schedule.model.start {
      try Plan.check(start, facts: facts, outputs: outputs)
    }
    start = schedule.model.start?.state
    name = schedule.name
    seed = schedule.seed
    self.facts = facts
    self.loss = loss
    let rootSettings: JSONValue = [
      "data": schedule.data.canonical, "model": schedule.model.canonical,
      "loss": schedule.training.json["loss"] ?? .null,
      "label_smoothing": schedule.training.json["label_smoothing"] ?? .null,
    ]
    root = RootRecord(
      key: StageKey.derive(parent: "", settings: rootSettings, facts: facts, seed: seed),
      settings: rootSettings)
    var current = ""
    do {
      var builder = try PlanBuilder(
        architecture: architecture, start: start?.network, root: root, facts: facts, seed: seed,
        keepsLastMoments: schedule.checkpoints.moments == .keep,
        points: RewindPoints(schedule.stages))
      defer { current = builder.current }
      for stage in schedule.stages { try builder.add(stage) }
      stages = builder.planned
    } catch {
      // A budget, a curve or a count that cannot be; each says what to write instead.
      let place = current.isEmpty ? "" : "stage \(current): "
      throw .invalid("\(schedule.name): \(place)\(error)")
    }
    findPlaces()
  }

  /// Makes sure that a trained network is one for these data.
  private static func check(
    _ start: StartingModel, facts: DataFacts, outputs: Int
  ) throws(RunFailure) {
    let network = start.state.network
    let file = start.path.value
    guard network.inputs == facts.inputs, network.outputs == outputs else {
      throw .invalid(
        "model.start: \(file) has \(network.inputs) inputs and \(network.outputs) outputs, the data "
          + "want \(facts.inputs) and \(outputs); use a network that was trained on such data")
    }
    guard start.state.classes.isEmpty || start.state.classes == facts.classes else {
      throw .invalid(
        "model.start: \(file) has the classes \(listed(start.state.classes)), the data "
          + (facts.classes.isEmpty ? "have none" : "have \(listed(facts.classes))")
          + "; use a network that was trained on such data")
    }
  }

  /// The width of the output layer.
  package static func outputs(for loss: Loss, facts: DataFacts) throws(RunFailure) -> Int {
    guard case .binaryCrossEntropy = loss, !facts.classes.isEmpty else { return facts.outputs }
    guard facts.classes.count == 2 else {
      throw .invalid(
        "training.loss: binary_cross_entropy takes two classes, the data have "
          + "\(facts.classes.count); use cross_entropy")
    }
    return 1
  }
}

/// Names, counts and keys the stages of a schedule, one after the other.
struct PlanBuilder {
  /// The most stages of a plan, rounds expanded: what a manifest can hold with ease.
  static let maximumStages = 20_000

  let architecture: Architecture
  private let root: RootRecord
  private let facts: DataFacts
  private let seed: UInt64
  /// Whether the last model keeps its optimizer's moments.
  private let keepsLastMoments: Bool
  var drafts: [StageDraft] = []
  /// How many stages of each word there are so far.
  private var counts: [String: Int] = [:]
  var remaining: Int
  var layers: LayerForecast
  private var points: RewindPoints
  /// The stage that is being added, for messages.
  private(set) var current = ""

  /// - Parameter start: the trained network that the run begins with; what it has lost stays lost.
  /// - Throws: `BudgetError.layerSize` for a network that is too large.
  init(
    architecture: Architecture, start: Network?, root: RootRecord, facts: DataFacts, seed: UInt64,
    keepsLastMoments: Bool, points: RewindPoints
  ) throws(BudgetError) {
    self.architecture = architecture
    self.root = root
    self.facts = facts
    self.seed = seed
    self.keepsLastMoments = keepsLastMoments
    self.points = points
    layers = LayerForecast(
      try architecture.profiles(), remaining: start?.layers.map(\.remaining))
    remaining = start?.remaining ?? architecture.weightCount
  }

  mutating func add(_ stage: StageSettings) throws {
    current = uniqueName(stage.kind)
    switch stage {
    case .train(let settings): try add(settings, kind: .train, name: current)
    case .finetune(let settings): try add(settings, kind: .finetune, name: current)
    case .prune(let settings): try add(settings)
    case .alternate(let settings): try add(settings)
    case .search(let settings): try add(settings)
    case .rewind(let settings): try add(settings, name: current)
    case .evaluate(let settings):
      draft(.evaluate, current, .evaluate(settings.part), settings.json)
    }
  }

  // MARK: Stages

  private mutating func add(_ settings: TrainSettings, kind: StageKind, name: String) throws {
    if settings.minimumEpochs != nil {
      guard let last = lastModel, [.prune, .rewind].contains(drafts[last].kind) else {
        throw PlanFault(
          "no pruning comes right before it, so there is nothing to recover from; "
            + "give a number of epochs")
      }
    }
    points.note(name, epoch: 0, of: settings.epochs, at: lastModel)
    var first = 0
    for end in points.splits(of: name, epochs: settings.epochs) + [settings.epochs] {
      var json = settings.json
      // The order of the samples is drawn from the stage's name.
      json["order"] = .string(name)
      if first > 0 || end < settings.epochs {
        json["part"] = [JSONValue(first), JSONValue(end)]
      }
      draft(
        kind, end == settings.epochs ? name : StageName.part(of: name, until: end),
        .train(
          TrainingAction(
            settings: settings.settings, epochs: first..<end, orderName: name,
            continuesOptimizer: first > 0 || settings.continuesOptimizer, keepsOptimizer: false)),
        json, minimumEpochs: settings.minimumEpochs)
      points.note(name, epoch: end, of: settings.epochs, at: lastModel)
      first = end
    }
  }

  private mutating func add(_ settings: RewindSettings, name: String) throws {
    let origin = place(of: settings)
    if let open, origin ?? -1 < open {
      throw PlanFault(
        "it would rewind to before \(openName(open)), and how many weights that leaves is known only "
          + "when it has run; rewind "
          + (drafts[open].kind == .search ? "within the search, or to" : "to") + " a later stage")
    }
    let action = RewindAction(origin: "", keepsOptimizer: false)
    draft(.rewind, name, .rewind(action), [:], origin: origin)
  }

  /// The position of the draft that `settings` goes back to; nil for the root.
  func place(of settings: RewindSettings) -> Int? {
    guard let place = points.place(of: settings) else {
      preconditionFailure("a schedule rewinds to stages that come before")
    }
    return place
  }

  /// The position of the last draft that changes the model; nil before the first.
  private var lastModel: Int? { drafts.lastIndex { $0.kind.changesModel } }

  private mutating func add(_ settings: PruneSettings) throws {
    try demandKnownWeights()
    if settings.budget.callTime != nil {
      return try prune(to: nil, settings.criterion, settings.budget)
    }
    let total = try settings.target?.kept(of: architecture.weightCount) ?? stated(settings.budget)
    guard total <= remaining else {
      throw PlanFault(
        "it would leave \(total) weights, but only \(remaining) are left by then; "
          + "raise its sparsity")
    }
    try prune(to: total, settings.criterion, settings.budget)
  }

  private mutating func add(_ settings: AlternateSettings) throws {
    try demandKnownWeights()
    let weights = architecture.weightCount
    // A list says itself where it ends.
    let isList = if case .list = settings.curve { true } else { false }
    let follows = settings.budget.goal != .share && !isList
    let target =
      try settings.target
      ?? (follows ? Sparsity(kept: stated(settings.budget), of: weights) : nil)
    let totals = try RoundTotals(
      curve: settings.curve, remaining: remaining, of: weights, to: target,
      rounds: settings.rounds
    ).kept
    let name = current
    guard
      drafts.count + (settings.rewind == nil ? 2 : 3) * totals.count <= PlanBuilder.maximumStages
    else {
      throw PlanFault(
        "the plan would have more than \(PlanBuilder.maximumStages) stages; use fewer rounds")
    }
    for (index, total) in totals.enumerated() {
      let round = index + 1
      let prefix = StageName.round(round, of: name)
      current = prefix + "prune"
      try prune(to: total, settings.criterion, settings.budget)
      if let rewind = settings.rewind { try add(rewind, name: prefix + "rewind") }
      try add(settings.finetune, kind: .finetune, name: prefix + "finetune")
    }
  }

  /// The total that a budget leaves which says it itself.
  private func stated(_ budget: Budget) throws -> Int {
    if budget.goal == .share { return remaining }
    let limits = try budget.limits(of: architecture.layerNames)
    guard let total = try layers.statedTotal(budget, limits: limits) else {
      throw PlanFault(
        "how many weights it leaves depends on what earlier stages will measure; state the "
          + "sparsity it is to reach (to)")
    }
    // A limit that the network is within already asks for nothing.
    return budget.limit == nil ? total : min(total, remaining)
  }

  /// A prune stage, called `current`, that leaves `total` weights; nil for one that finds out itself.
  private mutating func prune(
    to total: Int?, _ criterion: CriterionSettings, _ budget: Budget
  ) throws {
    try checkCost(of: criterion)
    let limits = try budget.limits(of: architecture.layerNames)
    if let total {
      try layers.prune(to: total, by: budget, limits: limits)
      remaining = total
    } else {
      _ = try layers.leaveOpen(limits: limits)
    }
    let template = PruningTemplate(
      criterion: criterion, budget: budget, limits: limits,
      outputs: architecture.widths.last ?? 0)
    draft(
      .prune, current, .prune(template.action(keeping: total, keepsOptimizer: false)),
      template.settings(keeping: total, name: current))
  }

  /// - Throws: `PlanFault` where the criterion would take too long on what is left.
  func checkCost(of criterion: CriterionSettings) throws {
    let share = Double(remaining) / Double(architecture.weightCount)
    if let obstacle = criterion.obstacle(
      widths: architecture.widths, remaining: share, trainingSamples: facts.trainingSamples)
    {
      throw PlanFault(obstacle)
    }
  }

  mutating func draft(
    _ kind: StageKind, _ name: String, _ action: StageAction, _ settings: JSONObject,
    origin: Int? = nil, rewinds: Bool = false, minimumEpochs: Int? = nil
  ) {
    drafts.append(
      StageDraft(
        name: name, kind: kind, action: action, settings: settings,
        weights: action.findsWeights || open != nil ? nil : remaining,
        layers: layers.counts, bounds: layers.ranges, origin: origin, rewinds: rewinds,
        minimumEpochs: minimumEpochs))
  }

  private mutating func uniqueName(_ word: String) -> String {
    counts[word, default: 0] += 1
    let count = counts[word] ?? 1
    return StageName.unique(word, count)
  }

  // MARK: Keys

  /// The stages with their keys. Whether a stage stores the optimizer's moments follows from the
  /// stages behind it, and is part of its key, because its checkpoint depends on it.
  var planned: [PlannedStage] {
    var keeps = [Bool](repeating: false, count: drafts.count)
    var isWanted = keepsLastMoments
    for index in drafts.indices.reversed() where drafts[index].kind.changesModel {
      keeps[index] = isWanted
      switch drafts[index].action {
      case .train(let action): isWanted = action.continuesOptimizer
      // Where no trial holds, the model before it is what comes out of it.
      case .search(let action): isWanted = isWanted || action.finetune.continuesOptimizer
      case .prune, .rewind, .evaluate: break
      }
    }
    var parent = root.key
    // The nearest model that no pruning or rewinding made.
    var unpruned = root.key
    var keys: [String] = []
    return drafts.enumerated().map { index, draft in
      var settings = draft.settings
      var action = draft.action.keepingOptimizer(keeps[index])
      let origin = draft.origin.map { keys[$0] } ?? root.key
      switch action {
      case .rewind:
        action = .rewind(RewindAction(origin: origin, keepsOptimizer: keeps[index]))
        settings["origin"] = .string(origin)
      case .search(var search):
        search.source = parent
        search.unpruned = unpruned
        if draft.rewinds {
          search.origin = origin
          settings["origin"] = .string(origin)
        }
        action = .search(search)
      case .train(var training):
        training.recovery = draft.minimumEpochs.map {
          RecoveryAction(minimumEpochs: $0, reference: unpruned)
        }
        action = .train(training)
      case .prune, .evaluate: break
      }
      settings["kind"] = .string(draft.kind.rawValue)
      if keeps[index] { settings["keeps_optimizer"] = true }
      let canonical = JSONValue.object(settings)
      let key = StageKey.derive(parent: parent, settings: canonical, facts: facts, seed: seed)
      keys.append(key)
      let total = architecture.weightCount
      let stage = PlannedStage(
        name: draft.name, kind: draft.kind, position: index + 1, key: key, parent: parent,
        settings: canonical, action: action,
        weights: draft.weights, layers: draft.layers, bounds: draft.bounds,
        sparsity: draft.weights.map { Double(total - $0) / Double(total) })
      if draft.kind.changesModel { parent = key }
      if [.train, .finetune, .search].contains(draft.kind) { unpruned = key }
      return stage
    }
  }
}

/// Why a stage cannot be planned, as a clause that follows its name.
struct PlanFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// A stage before it has a key.
struct StageDraft {
  let name: String
  let kind: StageKind
  let action: StageAction
  let settings: JSONObject
  let weights: Int?
  let layers: [Int]?
  let bounds: [ClosedRange<Int>]
  /// Of a rewind stage, or a search that rewinds, the position of the draft that it goes back to; nil
  /// for the root.
  let origin: Int?
  /// Whether a search rewinds.
  let rewinds: Bool
  /// Of a fine-tuning that lasts until the loss has recovered.
  let minimumEpochs: Int?
}

extension StageAction {
  /// The same action, storing the optimizer's moments or not.
  fileprivate func keepingOptimizer(_ keeps: Bool) -> StageAction {
    switch self {
    case .train(let action):
      .train(
        TrainingAction(
          settings: action.settings, epochs: action.epochs, orderName: action.orderName,
          continuesOptimizer: action.continuesOptimizer, keepsOptimizer: keeps))
    case .prune(let action):
      .prune(
        PruningAction(
          kept: action.kept, criterion: action.criterion, budget: action.budget,
          limits: action.limits, keepsOptimizer: keeps))
    case .rewind(let action):
      .rewind(RewindAction(origin: action.origin, keepsOptimizer: keeps))
    case .search(let action):
      .search(action.keepingOptimizer(keeps))
    case .evaluate: self
    }
  }
}
