import NeuralNetworks
import Pruning
import Storage

/// What happens in a run, as values: the executor reports, sinks show or record.
package enum PipelineEvent: Sendable {
  /// The walk begins; `toDo` of the plan's `stages` are not done yet, a search counted as one: `loads`, in
  /// order.
  case runStarted(name: String, stages: Int, toDo: Int, loads: [StageLoad] = [])
  /// What the stages were expected to take; comes behind `runStarted`.
  case estimated(PlanEstimate)
  case stageStarted(StageReference, epochs: Int?)
  /// A stage goes on from `progress.safetensors`.
  case stageResumed(StageReference, epoch: Int, step: Int)
  /// How far a stage is, several times a second at most; for whoever watches, and in no log.
  case advanced(StageReference, StageAdvance)
  case epochFinished(StageReference, EpochReport, epochs: Int)
  case progressSaved(StageReference, epoch: Int, step: Int, bytes: Int)
  /// What layers take has been measured for a prune stage, and stored.
  case layersTimed(StageReference, InferenceTimes)
  /// A prune stage has removed its weights; comes before `stageFinished`.
  case weightsPruned(StageReference, PruningReport)
  /// A shrink stage has left out units; comes before `stageFinished`.
  case networkShrunk(StageReference, ShrinkingReport)
  case stageFinished(StageReference, StageRecord)
  /// A search takes a step, or goes back and takes a smaller one; the stage is the fine-tuning of the
  /// trial.
  case trialStarted(StageReference, TrialPlace)
  /// Whether the trial that the stage ends holds, and why; comes after `stageFinished`.
  case trialTested(StageReference, TrialVerdict)
  /// A search has come to its end; comes before the stage that writes its model down.
  case searchFinished(StageReference, SearchReport)
  /// Something the user should know that is not an error.
  case notice(Notice)
  case runFinished(name: String, computed: Int, seconds: Double)
  /// The call ends before the schedule does.
  case runEnded(RunEnding)
}

extension PipelineEvent {
  /// Something that is probably not as somebody wants it.
  package static func warning(_ text: String) -> PipelineEvent { .notice(.warning(text)) }
  /// Something that was found or done.
  package static func note(_ text: String) -> PipelineEvent { .notice(.note(text)) }
}

/// How a call ends that does not come to the end of the schedule, and was not interrupted.
package enum RunEnding: Sendable, Equatable {
  /// As `--until` says.
  case stopped(behind: String)
  /// With this message.
  case failed(String)
}

/// Which stage an event is about.
package struct StageReference: Sendable, Equatable {
  package let name: String
  package let kind: StageKind
  /// From 1, in the order of the plan.
  package let position: Int
  /// Stages in the plan.
  package let of: Int

  package init(name: String, kind: StageKind, position: Int, of all: Int) {
    self.name = name
    self.kind = kind
    self.position = position
    of = all
  }
}

extension StageReference {
  init(_ stage: PlannedStage, in plan: Plan) {
    self.init(
      name: stage.name, kind: stage.kind, position: stage.position, of: plan.stages.count)
  }
}

/// Takes events as they happen.
package typealias EventSink = (PipelineEvent) -> Void
