import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// Computes one stage of a run again, in memory, from what its parent left, and compares the bytes of
/// the checkpoint with the recorded SHA-256. The run stays as it is, unless the checkpoint is to be
/// put back.
package struct StageReplay {
  /// What came out.
  package struct Outcome: Sendable, Equatable {
    package let stage: String
    package let key: String
    /// The stage whose checkpoint it began with; nil for the model before the first stage.
    package let start: String?
    /// Stages that were computed, in order; the last is the one that was asked for.
    package let computed: [String]
    package let recordedSHA256: String
    package let sha256: String
    /// What is not as recorded, each a clause; empty where the bits are the same.
    package let differences: [String]
    /// The path of the file that was put back.
    package fileprivate(set) var restored: String?

    package var isSame: Bool { sha256 == recordedSHA256 }

    /// - Throws: `RunFailure.failed` where the bits are not the same.
    package func check() throws(RunFailure) {
      if isSame { return }
      throw .failed(
        stage: stage,
        reason: "computed again it has other bits than recorded: "
          + differences.joined(separator: "; "))
    }
  }

  private let session: RunSession
  private let pool: WorkerPool
  private let events: EventSink
  private var folder: RunFolder { session.folder }
  private var surroundings: Surroundings { session.options.surroundings }

  /// - Parameters:
  ///   - session: of the schedule that the run was started from.
  ///   - events: takes what training reports, and warnings.
  package init(session: RunSession, pool: WorkerPool, events: @escaping EventSink) {
    self.session = session
    self.pool = pool
    self.events = events
  }

  /// Computes the stage called `name` again.
  ///
  /// - Parameter restores: whether a checkpoint that is missing, damaged or was let go is put back
  ///   where the bits are the same; takes the run's lock.
  /// - Throws: `RunFailure`, `StoreError`, and what reading the data throws.
  package func run(stage name: String, restores: Bool) throws -> Outcome {
    let lock = restores ? try FileLock(path: folder.lock, startedAt: surroundings.now()) : nil
    defer { withExtendedLifetime(lock) {} }
    let manifest = try RecordedRun(folder: folder).manifest
    let (plan, data) = try session.planAndData()
    let stage = plan.stages[try plan.index(ofStage: name)]
    let (record, recorded) = try record(of: stage, in: manifest)
    let store = CheckpointStore(reading: folder, manifest: manifest)
    let replayed = Replayed(plan: plan, data: data, store: store, pool: pool, events: events)
    let result = try replayed.compute(stage)
    let contents = CheckpointContents(
      state: result.model,
      lineage: plan.lineage(
        of: stage, times: manifest.times(for: stage, in: plan), recovery: result.recovery),
      fingerprint: Fingerprint.json)
    let comparison = try ReplayComparison(contents, record: record, recorded: recorded, store)
    var outcome = Outcome(
      stage: stage.name, key: stage.key, start: replayed.start, computed: replayed.computed,
      recordedSHA256: recorded, sha256: comparison.sha256, differences: comparison.differences)
    if restores, outcome.isSame, !comparison.isStoredSound {
      var writing = try CheckpointStore(
        opening: folder, manifest: manifest, writing: .standard, lock: lock)
      let file = try writing.restore(record, position: stage.position, bytes: comparison.bytes)
      outcome.restored = folder.file(file)
    }
    return outcome
  }

  /// What the manifest records of `stage`, with the SHA-256 of its checkpoint.
  private func record(
    of stage: PlannedStage, in manifest: Manifest
  ) throws(RunFailure) -> (StageRecord, sha256: String) {
    guard stage.kind.changesModel else {
      throw .commandLine(
        "\(stage.name) leaves the model alone and has no checkpoint; ecpipe verify looks at what it made"
      )
    }
    if let record = manifest.record(of: stage.key), let sha256 = record.sha256 {
      return (record, sha256)
    }
    let isOlder = manifest.stages.contains { $0.name == stage.name }
    throw .invalid(
      "\(folder.path): stage \(stage.name) "
        + (isOlder
          ? "was computed with other settings, data or engine than a run has now "
            + "(ecpipe status says which)"
          : "is not computed yet")
        + "; there is nothing to compare it with; ecpipe run computes it")
  }
}

/// Stages computed again in memory, the missing ones before them too.
///
/// A class, because stages ask for models while they are computed.
private final class Replayed {
  /// The stage whose checkpoint the asked one began with; nil for the model before the first stage.
  private(set) var start: String?
  /// The stages that were computed for the asked one, in order.
  private(set) var computed: [String] = []

  private let plan: Plan
  private let data: RunData
  private let store: CheckpointStore
  private let pool: WorkerPool
  private let events: EventSink
  private lazy var models = ModelSource(
    root: (
      plan.root.key,
      { [unowned self] in
        data.model(
          of: plan.initialNetwork, original: plan.start?.original, loss: plan.loss)
      }
    ),
    read: { [unowned self] in checkpoint(under: $0) })

  init(
    plan: Plan, data: RunData, store: CheckpointStore, pool: WorkerPool,
    events: @escaping EventSink
  ) {
    self.plan = plan
    self.data = data
    self.store = store
    self.pool = pool
    self.events = events
  }

  /// What `stage` comes to.
  func compute(_ stage: PlannedStage) throws -> StageResult {
    let (base, missing) = try models.way(to: stage.source, in: plan) { _ in false }
    let begun = missing.first?.source ?? stage.source
    start = plan.stage(under: begun)?.name
    computed = (missing + [stage]).map(\.name)
    return try compute(missing + [stage], from: base)
  }

  private func compute(_ stages: [PlannedStage], from base: ModelState?) throws -> StageResult {
    guard let base else { preconditionFailure("every way begins with a model") }
    var result = StageResult(model: base)
    let computation = StageComputation(
      plan: plan, data: data, pool: pool, record: { [store] in store.manifest.record(of: $0) }
    ) { [unowned self] key in
      try models.origin(key) {
        let (base, missing) = try models.way(to: key, in: plan) { _ in false }
        return try compute(missing, from: base).model
      }
    }
    for stage in stages {
      let work = computation.work(
        for: stage, times: try times(for: stage), watch: watch(stage))
      result = try computation.result(of: stage, from: .model(result.model), work)
    }
    return result
  }

  private func times(for stage: PlannedStage) throws -> InferenceTimes? {
    guard stage.callTime != nil else { return nil }
    if let times = store.manifest.times(for: stage, in: plan) { return times }
    throw RunFailure.invalid(
      "\(store.folder.manifest): what layers take is not recorded, and measured again it would be "
        + "something else; nothing can be computed again that went by it")
  }

  /// The sound checkpoint under `key`; nil where there is none.
  private func checkpoint(under key: String) -> ModelState? {
    guard let record = store.manifest.record(of: key), record.file != nil else { return nil }
    do {
      return try store.contents(of: record).state
    } catch {
      events(.warning("\(error); stage \(record.name) is computed again for this"))
      return nil
    }
  }

  /// Tells what training reports; nothing is saved inside a stage.
  private func watch(_ stage: PlannedStage) -> StageWatch {
    let reference = StageReference(stage, in: plan)
    var watch = StageWatch()
    watch.report = { [events] news in
      if case .epochFinished(let report, let epochs) = news {
        events(.epochFinished(reference, report, epochs: epochs))
      }
    }
    return watch
  }
}

extension StageReplay.Outcome {
  /// The form of `replay --json`.
  package var json: JSONValue {
    [
      "format": 1, "stage": .string(stage), "key": .string(key), "same": .bool(isSame),
      "start": JSONValue(start), "computed": .array(computed.map { .string($0) }),
      "recorded_sha256": .string(recordedSHA256), "sha256": .string(sha256),
      "differences": .array(differences.map { .string($0) }), "restored": JSONValue(restored),
    ]
  }
}
