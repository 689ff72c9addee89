import Engine
import NeuralNetworks
import Scheduler
import Schedules

/// Names and counts the stages of a schedule, one after the other, and then gives them keys.
package struct PlanBuilder {
  /// The most stages of a plan, rounds expanded: what a manifest can hold with ease.
  static let maximumStages = 20_000

  let architecture: Architecture
  private let facts: DataFacts
  private var drafts: [StageDraft] = []
  /// How many stages of each word there are so far.
  private var counts: [String: Int] = [:]
  /// Weights left by then.
  private(set) var remaining: Int
  /// What is known of each layer by then.
  var layers: LayerForecast
  /// Whether a stage so far finds weights.
  private var findsWeights = false
  /// The position of the first stage that finds out itself how many weights it leaves, if there is one so far.
  private(set) var open: Int?
  /// What may stand in the way of stages, and is decided by those before them.
  private(set) var doubts: [String] = []
  /// The last stage so far that leaves out units, by the position of its draft.
  private var lastShrinking: Int?
  private var points: RewindPoints
  /// Files that stages write.
  private var files: Set<String> = []
  /// The stage that is being added, for messages.
  var current = ""

  /// - Parameter start: the trained network that the run begins with; what it has lost stays lost.
  /// - Throws: `BudgetError.layerSize` for a network that is too large.
  init(
    architecture: Architecture, start: Network?, facts: DataFacts, points: RewindPoints
  ) throws(BudgetError) {
    self.architecture = architecture
    self.facts = facts
    self.points = points
    layers = LayerForecast(
      try architecture.profiles(), remaining: start?.layers.map(\.remaining))
    remaining = start?.remaining ?? architecture.weightCount
  }

  /// Adds what a schedule's entry comes to.
  ///
  /// - Throws: `PlanFault`, `BudgetError`.
  mutating func add(_ entry: any StageEntry) throws {
    let word = type(of: entry).word
    let count = counts[word, default: 0] + 1
    counts[word] = count
    current = StageName.unique(word, count)
    try entry.plan(in: &self)
  }

  // MARK: For entries

  /// Adds one stage, called `current` unless stated.
  ///
  /// - Parameter origin: the model that it, or each trial of it, goes back to.
  mutating func add(_ action: StageAction, name: String? = nil, origin: ModelPlace? = nil) {
    if action.modelStage?.findsWeights == true { findsWeights = true }
    if open == nil, action.modelStage?.leaves == .open { open = drafts.count }
    drafts.append(
      StageDraft(
        name: name ?? current, action: action, weights: findsWeights ? nil : remaining,
        layers: layers.counts, bounds: layers.ranges, isShrunk: isShrunk, origin: origin))
  }

  /// Adds a stage that leaves out units, called `current` unless stated.
  mutating func shrink(_ stage: any ModelStage, name: String? = nil) {
    layers.shrink()
    lastShrinking = drafts.count
    add(.model(stage), name: name)
  }

  /// Adds a stage called `name` behind one that has left out units, which brings weights back.
  mutating func release(_ stage: any ModelStage, name: String) {
    layers.release()
    remaining = architecture.weightCount
    add(.model(stage), name: name)
  }

  /// Whether a stage so far leaves out units.
  var isShrunk: Bool { lastShrinking != nil }

  /// Follows a stage that leaves `total` weights; nil for one that finds out itself.
  mutating func followPruning(to total: Int?, _ template: PruningTemplate) throws(BudgetError) {
    if let total {
      try layers.prune(
        to: total, by: template.budget, limits: template.limits)
      remaining = total
      if let demanded = layers.doubt {
        doubts.append(
          "stage \(current): \(total) weights may be too few, and then the run fails there: its limits "
            + "may demand up to \(demanded), which the stages before decide; lower its sparsity or "
            + "loosen the limits")
      }
    } else {
      _ = try layers.leaveOpen(limits: template.limits)
    }
  }

  /// Whether the stage at `position` is a search.
  func isSearch(_ position: Int) -> Bool {
    if case .search = drafts[position].action { true } else { false }
  }

  /// The stage at `position`, for messages.
  func openName(_ position: Int) -> String {
    let name = drafts[position].name
    return isSearch(position) ? "the search \(name)" : "\(name) with its limit"
  }

  /// - Throws: `PlanFault` where how many weights are left is known only when a stage before has run.
  func demandKnownWeights() throws {
    guard let open else { return }
    throw PlanFault(
      "it comes after \(openName(open)), and how many weights that leaves is known only when it has "
        + "run; put it before \(drafts[open].name), or prune in a schedule of its own that starts "
        + "from the result (model: {start: FILE})")
  }

  /// - Throws: `PlanFault` where how much `budget` leaves follows from shapes that are known only when a stage
  ///   before has run.
  func demandKnownShapes(for budget: Budget) throws {
    guard let lastShrinking, budget.goal != .share || budget.granularity.pattern != nil else {
      return
    }
    let name = drafts[lastShrinking].name
    throw PlanFault(
      "it comes after \(name), and its budget leaves what follows from the shapes of layers, which are known "
        + "only when that has run; state a sparsity (to) under another policy, or put it before \(name)"
    )
  }

  /// - Throws: `PlanFault` where a stage so far leaves out units.
  func demandNoShrinking() throws {
    guard let lastShrinking else { return }
    let name = drafts[lastShrinking].name
    throw PlanFault(
      "it is a search and comes after \(name), and how many weights that leaves is known only when it has "
        + "run; put it before \(name)")
  }

  /// - Parameter subject: what rewinds.
  /// - Throws: `PlanFault` where units of the model at `origin` have been left out since.
  func demandSameShapes(as origin: ModelPlace, for subject: String) throws {
    guard let lastShrinking, origin.isBefore(lastShrinking) else { return }
    let name = drafts[lastShrinking].name
    throw PlanFault(
      "\(subject) would rewind to before \(name), to layers with units that are gone since; rewind to a later "
        + "stage, or put \(name) after it")
  }

  /// - Throws: `PlanFault` where so many `stages` more are too many.
  func demandRoom(for stages: Int) throws {
    if drafts.count + stages > PlanBuilder.maximumStages {
      throw PlanFault(
        "the plan would have more than \(PlanBuilder.maximumStages) stages; use fewer rounds")
    }
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

  /// Reserves the file that a stage writes.
  ///
  /// - Throws: `PlanFault` where another stage writes it.
  mutating func claim(file: String) throws {
    if !files.insert(file).inserted {
      throw PlanFault("another stage writes \(file) too; name another file")
    }
  }

  // MARK: Models before

  /// The last model so far.
  private var lastModel: ModelPlace {
    drafts.lastIndex { $0.action.modelStage != nil }.map { .stage($0) } ?? .root
  }

  /// Whether the last model is one that a fine-tuning can be asked to recover from.
  var followsPruning: Bool {
    guard case .stage(let last) = lastModel else { return false }
    return drafts[last].action.modelStage?.trains == false
  }

  /// The model that `settings` goes back to.
  func place(of settings: RewindSettings) -> ModelPlace {
    guard let place = points.place(of: settings) else {
      preconditionFailure("a schedule rewinds to stages that come before")
    }
    return place
  }

  /// Epochs after which the stage called `current`, of `epochs` epochs, is split, ascending.
  func splits(epochs: Int) -> [Int] { points.splits(of: current, epochs: epochs) }

  /// Notes that the last model is that of the stage called `current` at `epoch` of `epochs`.
  mutating func note(epoch: Int, of epochs: Int) {
    points.note(current, epoch: epoch, of: epochs, at: lastModel)
  }

  // MARK: Keys

  /// The stages with their keys. Whether a stage stores the optimizer's moments follows from the
  /// stages behind it, and is part of its key, because its checkpoint depends on it.
  ///
  /// - Parameters:
  ///   - root: the key of the model before the first stage.
  ///   - keepsLastMoments: whether the last model keeps its optimizer's moments.
  func planned(
    _ identity: PlanIdentity, root: String, keepsLastMoments: Bool
  ) -> [PlannedStage] {
    var keeps = [Bool](repeating: false, count: drafts.count)
    var isWanted = keepsLastMoments
    for (index, draft) in drafts.enumerated().reversed() {
      guard let stage = draft.action.modelStage else { continue }
      keeps[index] = isWanted
      isWanted = stage.needsMoments(keeping: isWanted)
    }
    var (parent, unpruned) = (root, root)
    var stages: [PlannedStage] = []
    for (index, draft) in drafts.enumerated() {
      let origin = draft.origin.map { place in
        switch place {
        case .root: root
        case .stage(let position): stages[position].key
        }
      }
      let stage = identity.stage(
        draft,
        links: StageLinks(
          parent: parent, origin: origin, unpruned: unpruned, keepsOptimizer: keeps[index]),
        position: index + 1)
      stages.append(stage)
      guard let model = draft.action.modelStage else { continue }
      parent = stage.key
      if model.trains { unpruned = stage.key }
    }
    return stages
  }
}

/// Why a stage cannot be planned, as a clause that follows its name.
struct PlanFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
