import ModelFiles
import NeuralNetworks
import NumericCore
import Pipeline
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
    guard let manifest = try CheckpointStore.manifest(of: folder) else {
      throw RunFailure.missing(path: folder.manifest, what: "start the run with ecpipe run")
    }
    let (plan, data) = try session.planAndData()
    let stage = plan.stages[try plan.index(ofStage: name)]
    let (record, recorded) = try record(of: stage, in: manifest)
    var store = CheckpointStore(reading: folder, manifest: manifest)
    var (model, start, missing) = base(of: stage, in: plan, data: data, store)
    missing.append(stage)
    var executor = Executor(
      plan: plan,
      environment: Executor.Environment(
        // Nothing is saved inside a stage: there is no interruption, and the time never comes.
        pool: pool, events: events, isInterrupted: { false }, saveEvery: .seconds(Int32.max),
        continueCommand: "", surroundings: surroundings,
        measureTimes: { [folder] _, _, _ in
          throw RunFailure.invalid(
            "\(folder.manifest): what layers take is not recorded, and measured again it would be "
              + "something else; nothing can be computed again that went by it")
        },
        loadData: { data }))
    var recovery: RecoveryReport?
    for stage in missing {
      if let key = executor.originKey(of: stage, manifest) {
        let origin = try self.model(under: key, in: plan, data, &executor, &store)
        executor.setOrigin(origin, key: key)
      }
      (model, _, recovery) = try executor.result(of: stage, from: model, data: data, &store)
      guard model.network.isFinite else { throw RunFailure.notFinite(stage: stage.name) }
    }
    let contents = CheckpointContents(
      state: model, lineage: executor.lineage(of: stage, recovery), fingerprint: Fingerprint.json)
    let comparison = try ReplayComparison(contents, record: record, recorded: recorded, store)
    var outcome = Outcome(
      stage: stage.name, key: stage.key, start: start, computed: missing.map(\.name),
      recordedSHA256: recorded, sha256: comparison.sha256, differences: comparison.differences)
    if restores, outcome.isSame, !comparison.isStoredSound {
      var writing = try CheckpointStore(
        opening: folder, manifest: manifest, writing: .standard, lock: lock)
      let file = try writing.restore(record, position: stage.position, bytes: comparison.bytes)
      outcome.restored = folder.file(file)
    }
    return outcome
  }

  /// The model under `key`, computed in memory where its checkpoint is not sound.
  private func model(
    under key: String, in plan: Plan, _ data: RunData, _ executor: inout Executor,
    _ store: inout CheckpointStore
  ) throws -> ModelState {
    guard let stage = plan.stage(under: key), stage.kind.changesModel else {
      return plan.initialModel(data)
    }
    if let record = store.manifest.record(of: key), record.file != nil,
      let contents = try? store.contents(of: record)
    {
      return contents.state
    }
    var (model, _, missing) = base(of: stage, in: plan, data: data, store)
    missing.append(stage)
    for stage in missing {
      if let key = executor.originKey(of: stage, store.manifest) {
        let origin = try self.model(under: key, in: plan, data, &executor, &store)
        executor.setOrigin(origin, key: key)
      }
      model = try executor.result(of: stage, from: model, data: data, &store).model
    }
    return model
  }

  /// What the manifest records of `stage`, with the SHA-256 of its checkpoint.
  private func record(
    of stage: PlannedStage, in manifest: Manifest
  ) throws(RunFailure) -> (StageRecord, sha256: String) {
    guard stage.kind.changesModel else {
      throw .commandLine(
        "\(stage.name) measures a model and has no checkpoint; ecpipe verify --deep measures again")
    }
    if let record = manifest.record(of: stage.key), let sha256 = record.sha256 {
      return (record, sha256)
    }
    let isOlder = manifest.stages.contains { $0.name == stage.name }
    throw .invalid(
      "\(folder.path): stage \(stage.name) "
        + (isOlder
          ? "was computed with other settings or data than the schedule has now "
            + "(ecpipe status says which)"
          : "is not computed yet")
        + "; there is nothing to compare it with; ecpipe run computes it")
  }

  /// The nearest sound model before `stage`, the stage that it is of, and the stages in between, the
  /// oldest first.
  private func base(
    of stage: PlannedStage, in plan: Plan, data: RunData, _ store: CheckpointStore
  ) -> (model: ModelState, start: String?, missing: [PlannedStage]) {
    var missing: [PlannedStage] = []
    var key = stage.source
    while let parent = plan.stage(under: key), parent.kind.changesModel {
      if let record = store.manifest.record(of: key), record.file != nil {
        do {
          let contents = try store.contents(of: record)
          return (contents.state, parent.name, missing.reversed())
        } catch {
          events(.warning("\(error); stage \(parent.name) is computed again for this"))
        }
      }
      missing.append(parent)
      key = parent.source
    }
    return (plan.initialModel(data), nil, missing.reversed())
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
