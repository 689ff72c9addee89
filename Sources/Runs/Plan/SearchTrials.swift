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
    /// Its last, a fine-tuning where it has one.
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

  private let identity: PlanIdentity
  private let planned: PlannedStage
  private let search: SearchStage

  /// Follows `search`, which is `planned` in `plan`, as far as `records`, by their keys, hold its
  /// verdicts.
  init(
    of planned: PlannedStage, _ search: SearchStage, in plan: Plan,
    records: [String: StageRecord]
  ) {
    identity = plan.identity
    self.planned = planned
    self.search = search
    decision = search.search.decision(after: [])
    while case .trial(let trial) = decision {
      let next = stages(of: trial)
      guard let last = next.last, let verdict = records[last.key]?.verdict else {
        open = next
        return
      }
      let seconds = next.reduce(0) { $0 + (records[$1.key]?.wallClockSeconds ?? 0) }
      decided.append(Decided(trial: trial, verdict: verdict, stage: last, seconds: seconds))
      stages += next
      if verdict.holds { held = last }
      decision = search.search.decision(after: decided.map(\.verdict.holds))
    }
  }

  /// The key of the model that held last.
  var source: String { held?.key ?? planned.parent }

  /// How the search ended; nil while it has not.
  package var stop: SearchStop? {
    if case .stop(let stop) = decision { return stop }
    return nil
  }

  /// The stages of a trial, from the model that held last.
  private func stages(of trial: SearchTrial) -> [PlannedStage] {
    let steps = search.round.steps(
      keeping: trial.kept, prefix: StageName.round(trial.number, of: planned.name))
    let bounds = planned.bounds.map {
      min($0.lowerBound, trial.kept)...min($0.upperBound, trial.kept)
    }
    // The next trial, or the search, may go on from the fine-tuning's moments.
    let continues = search.round.finetune?.continuesOptimizer == true
    var stages: [PlannedStage] = []
    for (index, step) in steps.enumerated() {
      let links = StageLinks(
        parent: stages.last?.key ?? source, origin: step.rewinds ? planned.links.origin : nil,
        unpruned: held?.key ?? planned.links.unpruned,
        keepsOptimizer: continues || (index == steps.count - 1 && planned.links.keepsOptimizer))
      let draft = StageDraft(
        name: step.name, action: .model(step.stage), weights: trial.kept, layers: nil,
        bounds: bounds)
      stages.append(
        identity.stage(
          draft, links: links,
          trial: TrialPlace(search: planned.key, trial: trial, base: held?.name)))
    }
    return stages
  }
}
