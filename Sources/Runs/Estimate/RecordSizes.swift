import Scheduler
import Schedules

/// Bytes of what a run writes about itself, as it was seen to be: events, the manifest, and the report with its
/// tables.
struct RecordSizes {
  /// A line of events: of an epoch, and of a stage with its beginning, its end and what it was expected to take;
  /// besides, of a pruning and of a trial.
  private static let epoch = 240
  private static let stage = 1_260
  private static let pruning = 570
  private static let trial = 630
  /// The manifest: what it has of a stage, and the rest.
  private static let record = 1_650
  private static let manifest = 4_000
  /// The report: what a page and its tables have of a stage, and of an epoch, and the rest.
  private static let reportOfStage = 3_000
  private static let reportOfEpoch = 300
  private static let report = 140_000

  let bytes: Int

  init(of plan: Plan) {
    var (stages, epochs, prunings, trials) = (0, 0, 0, 0)
    for stage in plan.stages {
      stages += 1
      epochs += stage.epochs ?? 0
      if stage.action.modelStage?.pruning != nil { prunings += 1 }
      guard case .search(let search) = stage.action else { continue }
      trials += StageCosts.trials(of: search.search).count
      for step in StageCosts.steps(of: search) {
        stages += 1
        epochs += step.stage.epochs?.upperBound ?? 0
        if step.stage.pruning != nil { prunings += 1 }
      }
    }
    let events =
      Self.epoch * epochs + Self.stage * stages + Self.pruning * prunings + Self.trial * trials
    bytes =
      events + Self.manifest + Self.record * stages + Self.report
      + Self.reportOfStage * stages + Self.reportOfEpoch * epochs
  }
}
