import ModelFiles
import NeuralNetworks

/// Puts finished stages on disk, each while the next one is computed, always one after the other: the
/// one place where a run writes.
///
/// A class, because the stage that is computed lets the one before it be committed between its steps.
final class CommitQueue {
  /// A finished stage that is not on disk yet.
  private struct Pending {
    let stage: PlannedStage
    /// Complete but for what is known of a file.
    let record: StageRecord
    let sealing: CheckpointSealing
    /// Whether the saved progress was this stage's, and goes with its commit.
    let endsProgress: Bool
  }

  private(set) var store: CheckpointStore
  private var pending: Pending?
  /// Called when a stage's checkpoint and its record are on disk.
  private let stored: (PlannedStage) throws -> Void
  /// Told of every stage whose commit is complete.
  private let finished: (PlannedStage, StageRecord) -> Void

  init(
    _ store: CheckpointStore, stored: @escaping (PlannedStage) throws -> Void,
    finished: @escaping (PlannedStage, StageRecord) -> Void
  ) {
    self.store = store
    self.stored = stored
    self.finished = finished
  }

  var records: [String: StageRecord] { store.manifest.recordsByKey }

  /// The stage that is finished and not on disk yet.
  var pendingStage: PlannedStage? { pending?.stage }

  /// Begins to write the model of a finished stage down, once those before it are on disk.
  ///
  /// - Parameters:
  ///   - endsProgress: whether the saved progress goes with its commit.
  ///   - parentState: reads the model that the stage went on from, where it is needed.
  func add(
    _ stage: PlannedStage, _ record: StageRecord, _ contents: CheckpointContents,
    endsProgress: Bool, parentState: () throws -> ModelState?
  ) throws {
    // One after the other: the next is told from this one, and each is on disk before its child is.
    try finish()
    let sealing = try naming(stage) {
      try store.seal(contents, parent: stage.source, parentState: parentState)
    }
    pending = Pending(stage: stage, record: record, sealing: sealing, endsProgress: endsProgress)
  }

  /// Puts the checkpoint on disk that is being compressed, if there is one.
  ///
  /// - Parameter waits: whether to wait for it; otherwise nothing happens unless it is ready.
  func finish(waits: Bool = true) throws {
    guard let commit = pending, waits || commit.sealing.isDone else { return }
    pending = nil
    let record = try naming(commit.stage) {
      try store.commit(commit.record, position: commit.stage.position, sealing: commit.sealing)
    }
    try stored(commit.stage)
    if commit.endsProgress { try store.removeProgress() }
    finished(commit.stage, record)
  }

  /// Lists a stage without a model of its own, behind what is pending.
  func list(_ stage: PlannedStage, _ record: StageRecord) throws {
    try finish()
    try store.list(record)
    finished(stage, record)
  }

  /// Saves where a stage stands, behind what is pending.
  ///
  /// - Returns: the file's size.
  func saveProgress(_ contents: CheckpointContents) throws -> Int {
    try finish()
    return try store.saveProgress(contents)
  }

  /// Changes what the store holds of stages that are committed.
  func withStore<Result>(
    _ body: (inout CheckpointStore) throws -> Result
  ) rethrows -> Result { try body(&store) }

  /// Calls `body`; what a checkpoint cannot hold is said with the stage's name.
  private func naming<Result>(_ stage: PlannedStage, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch CheckpointError.nonFinite {
      throw RunFailure.notFinite(stage: stage.name)
    } catch let error as CheckpointError {
      throw RunFailure.failed(stage: stage.name, reason: "\(error)")
    }
  }
}
