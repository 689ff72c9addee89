import ModelFiles
import NeuralNetworks
import Storage

/// Watches over one stage of a run: has the stage before it committed as soon as that is ready, saves
/// where this one stands every so often, ends it, saved, where somebody asked to stop, and tells how far it
/// is.
///
/// A class, because it remembers when it saved last.
final class ProgressSaving {
  /// The least time between two events that tell how far the stage is.
  private static let tellEvery = Duration.milliseconds(100)

  private let stage: PlannedStage
  private let reference: StageReference
  private let lineage: JSONValue
  private let secondsBefore: Double
  private let commits: CommitQueue
  private let environment: Executor.Environment
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private var saved: ContinuousClock.Instant
  private var told: ContinuousClock.Instant
  /// How far the stage is, as it said last.
  private var advance = StageAdvance.working

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
    told = started
  }

  /// What the stage is given.
  var watch: StageWatch {
    var watch = StageWatch()
    watch.isInterrupted = {
      // Asked throughout what takes long.
      self.tell()
      return self.environment.isInterrupted()
    }
    watch.passed = { try self.passed($0) }
    watch.interrupted = { progress in
      if let progress { try self.save(progress) }
      throw self.interruption
    }
    watch.report = { [self] news in
      switch news {
      case .resumed(let epoch, let step):
        environment.events(.stageResumed(reference, epoch: epoch, step: step))
      case .advanced(let advance):
        self.advance = advance
        tell()
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

  /// Says how far the stage is, unless that was just said.
  private func tell() {
    let now = clock.now
    guard now - told >= Self.tellEvery else { return }
    told = now
    environment.events(.advanced(reference, advance))
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
