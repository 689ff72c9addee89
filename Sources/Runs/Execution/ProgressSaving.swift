import ModelFiles
import NeuralNetworks
import Storage

/// Watches over one stage of a run: has the stage before it committed as soon as that is ready, saves
/// where this one stands every so often, and ends it, saved, where somebody asked to stop.
///
/// A class, because it remembers when it saved last.
final class ProgressSaving {
  private let stage: PlannedStage
  private let reference: StageReference
  private let lineage: JSONValue
  private let secondsBefore: Double
  private let commits: CommitQueue
  private let environment: Executor.Environment
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private var saved: ContinuousClock.Instant

  /// - Parameters:
  ///   - lineage: as the stage's checkpoint will have it.
  ///   - secondsBefore: what earlier sessions spent on the stage.
  init(
    of stage: PlannedStage, _ reference: StageReference, lineage: JSONValue, secondsBefore: Double,
    _ commits: CommitQueue, _ environment: Executor.Environment
  ) {
    self.stage = stage
    self.reference = reference
    self.lineage = lineage
    self.secondsBefore = secondsBefore
    self.commits = commits
    self.environment = environment
    started = clock.now
    saved = started
  }

  /// What the stage is given.
  var watch: StageWatch {
    var watch = StageWatch()
    watch.isInterrupted = environment.isInterrupted
    watch.passed = { try self.passed($0) }
    watch.interrupted = { progress in
      if let progress { try self.save(progress) }
      throw self.interruption
    }
    watch.report = { [environment, reference] news in
      switch news {
      case .resumed(let epoch, let step):
        environment.events(.stageResumed(reference, epoch: epoch, step: step))
      case .epochFinished(let report, let epochs):
        environment.events(.epochFinished(reference, report, epochs: epochs))
      }
    }
    return watch
  }

  /// Seconds spent on a stage before its progress was saved, from the lineage of that.
  static func seconds(in lineage: JSONValue) -> Double {
    lineage["wall_clock_seconds"]?.doubleValue ?? 0
  }

  private var interruption: RunFailure {
    .interrupted(stage: stage.name, command: environment.continueCommand)
  }

  private func passed(_ progress: () -> StageProgress) throws {
    try commits.finish(waits: false)
    if environment.isInterrupted() {
      try save(progress())
      throw interruption
    }
    if clock.now - saved >= environment.saveEvery { try save(progress()) }
  }

  private func save(_ progress: StageProgress) throws {
    // Only here, and never in a checkpoint, whose bytes depend on no clock.
    var lineage = lineage
    lineage["wall_clock_seconds"] = JSONValue(secondsBefore + (clock.now - started).seconds)
    for note in progress.notes { lineage[note.name] = note.value }
    let training = progress.training
    do {
      let bytes = try commits.saveProgress(
        CheckpointContents(
          state: progress.state, progress: training, lineage: lineage,
          fingerprint: Fingerprint.json))
      environment.events(
        .progressSaved(
          reference, epoch: training.epoch, step: training.stepInEpoch, bytes: bytes))
    } catch CheckpointError.nonFinite {
      throw progress.failure()
    } catch let error as CheckpointError {
      throw RunFailure.failed(stage: stage.name, reason: "\(error)")
    }
    saved = clock.now
  }
}
