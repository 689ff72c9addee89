import Scheduler

/// What a search is expected to take.
extension StageCosts {
  /// Trials are expected to hold down to this share of the weights that the search begins with, and to hold no
  /// further: that is about where searches among the shipped pipelines end.
  private static let holdingShare = 1.0 / 32
  /// No more trials are followed.
  private static let mostTrials = 1000

  /// The trials that a search has where each of them holds as expected.
  static func trials(of search: SparsitySearch) -> [SearchTrial] {
    let least = Int(holdingShare * Double(search.start))
    var trials: [SearchTrial] = []
    while trials.count < mostTrials,
      case .trial(let trial) = search.decision(after: trials.map { $0.kept >= least })
    {
      trials.append(trial)
    }
    return trials
  }

  /// The stages of these trials, each with its trial.
  static func steps(of search: SearchStage) -> [(trial: SearchTrial, stage: any ModelStage)] {
    trials(of: search.search).flatMap { trial in
      search.round.steps(keeping: trial.kept, prefix: "").map { (trial, $0.stage) }
    }
  }

  /// What computing all trials of `search` takes, writing their checkpoints included.
  func seconds(of search: SearchStage, _ stage: PlannedStage) -> WorkCost? {
    var parts: [WorkCost] = []
    for step in Self.steps(of: search) {
      guard let own = seconds(of: step.stage, from: step.trial.from, keeping: step.trial.kept),
        let checkpoint = sealing(stage, keeping: step.trial.kept)
      else { return nil }
      parts += [own, checkpoint, commit]
    }
    return .sum(parts)
  }

  /// What the checkpoints of all trials of `stage` take; nil for what is no search.
  func trialCheckpoints(of stage: PlannedStage) -> WorkCost? {
    guard case .search(let search) = stage.action else { return nil }
    var parts: [WorkCost] = []
    for step in Self.steps(of: search) {
      guard let checkpoint = sealing(stage, keeping: step.trial.kept) else { return nil }
      parts.append(checkpoint)
    }
    return .sum(parts)
  }
}
