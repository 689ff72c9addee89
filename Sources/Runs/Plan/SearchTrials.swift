import Scheduler
import Schedules
import Storage

/// The trials of one search as far as they are decided, and the one that is next: a pure function of
/// the plan and of the verdicts that records hold.
package struct SearchTrials: Sendable {
  /// A trial whose verdict is known.
  package struct Decided: Sendable {
    package let trial: SearchTrial
    package let verdict: TrialVerdict
    /// Of its fine-tuning.
    package let stage: PlannedStage
    /// What its stages took, as far as is recorded.
    package let seconds: Double
  }

  /// In the order in which they ran.
  package private(set) var decided: [Decided] = []
  /// The stages of the trial that is next; empty where the search is at its end.
  package private(set) var open: [PlannedStage] = []
  /// The stages of the trials that are decided.
  private(set) var stages: [PlannedStage] = []
  /// What comes after the trials that are decided.
  package private(set) var decision: SearchDecision
  /// The stage whose model held last; nil for the model before the search.
  package private(set) var held: PlannedStage?

  private let plan: Plan
  private let search: PlannedStage
  private let action: SearchAction

  /// Follows `search`, of `plan`, as far as `records`, by their keys, hold its verdicts.
  init(
    of search: PlannedStage, _ action: SearchAction, in plan: Plan,
    records: [String: StageRecord]
  ) {
    self.plan = plan
    self.search = search
    self.action = action
    decision = action.search.decision(after: [])
    while case .trial(let trial) = decision {
      let next = stages(of: trial)
      guard let tuning = next.last, let verdict = records[tuning.key]?.verdict else {
        open = next
        return
      }
      let seconds = next.reduce(0) { $0 + (records[$1.key]?.wallClockSeconds ?? 0) }
      decided.append(Decided(trial: trial, verdict: verdict, stage: tuning, seconds: seconds))
      stages += next
      if verdict.holds { held = tuning }
      decision = action.search.decision(after: decided.map(\.verdict.holds))
    }
  }

  /// The key of the model that held last.
  var source: String { held?.key ?? search.parent }

  /// How the search ended; nil while it has not.
  package var stop: SearchStop? {
    if case .stop(let stop) = decision { return stop }
    return nil
  }

  // MARK: Stages of a trial

  /// Prune, rewind where the search does, and finetune, from the model that held last.
  private func stages(of trial: SearchTrial) -> [PlannedStage] {
    let place = TrialPlace(search: search.key, trial: trial, base: held?.name)
    let prefix = StageName.round(trial.number, of: search.name)
    let continues = action.finetune.continuesOptimizer
    var stages: [PlannedStage] = []
    func add(
      _ word: String, _ kind: StageKind, _ settings: JSONObject, keeps: Bool,
      _ action: (String) -> StageAction
    ) {
      var settings = settings
      settings["kind"] = .string(kind.rawValue)
      if keeps { settings["keeps_optimizer"] = true }
      let canonical = JSONValue.object(settings)
      let parent = stages.last?.key ?? source
      let total = plan.architecture.weightCount
      stages.append(
        PlannedStage(
          name: prefix + word, kind: kind, position: 0,
          key: StageKey.derive(
            parent: parent, settings: canonical, facts: plan.facts, seed: plan.seed),
          parent: parent, settings: canonical, action: action(prefix + word),
          weights: trial.kept, layers: nil,
          bounds: search.bounds.map {
            min($0.lowerBound, trial.kept)...min($0.upperBound, trial.kept)
          },
          sparsity: Double(total - trial.kept) / Double(total), trial: place))
    }
    let pruning = action.pruning
    add(
      "prune", .prune, pruning.settings(keeping: trial.kept, name: prefix + "prune"),
      keeps: continues
    ) { _ in .prune(pruning.action(keeping: trial.kept, keepsOptimizer: continues)) }
    if let origin = action.origin {
      add("rewind", .rewind, ["origin": .string(origin)], keeps: continues) { _ in
        .rewind(RewindAction(origin: origin, keepsOptimizer: continues))
      }
    }
    // The next trial, or the search, may go on from this one's moments.
    let keeps = continues || action.keepsOptimizer
    var settings = action.finetune.json
    settings["order"] = .string(prefix + "finetune")
    add("finetune", .finetune, settings, keeps: keeps) { name in
      let tuning = action.finetune
      return .train(
        TrainingAction(
          settings: tuning.settings, epochs: 0..<tuning.epochs, orderName: name,
          continuesOptimizer: continues, keepsOptimizer: keeps,
          recovery: tuning.minimumEpochs.map {
            RecoveryAction(minimumEpochs: $0, reference: held?.key ?? action.unpruned)
          }))
    }
    return stages
  }
}
