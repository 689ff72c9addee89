import Datasets
import ModelFiles
import NeuralNetworks
import NumericCore
import Pipeline
import Storage

/// Walks a plan: finds what is done, goes on from there, commits every stage.
package struct Executor {
  /// What the executor is given beside plan and store.
  package struct Environment {
    package let pool: WorkerPool
    package let events: EventSink
    /// Whether somebody asked to stop; looked at between steps.
    package let isInterrupted: () -> Bool
    /// The time that a long stage goes on without saving.
    package let saveEvery: Duration
    /// Reads the data, at most once, when the first stage needs them.
    package let loadData: () throws -> RunData
    /// The command that goes on, for the message of an interruption.
    package let continueCommand: String
    /// Whether a model made under other circumstances than these is an error rather than a warning.
    package let demandsSameFingerprint: Bool
    /// Time and free space.
    package let surroundings: Surroundings
    /// Measures what the layers of a network take in calls of so many samples.
    package let measureTimes: (Architecture, Int, WorkerPool) throws -> InferenceTimes

    package init(
      pool: WorkerPool, events: @escaping EventSink, isInterrupted: @escaping () -> Bool,
      saveEvery: Duration, continueCommand: String, demandsSameFingerprint: Bool = false,
      surroundings: Surroundings,
      measureTimes: @escaping (Architecture, Int, WorkerPool) throws -> InferenceTimes = {
        try InferenceTimes.measured(of: $0, batch: $1, pool: $2)
      },
      loadData: @escaping () throws -> RunData
    ) {
      self.pool = pool
      self.events = events
      self.isInterrupted = isInterrupted
      self.saveEvery = saveEvery
      self.continueCommand = continueCommand
      self.demandsSameFingerprint = demandsSameFingerprint
      self.surroundings = surroundings
      self.measureTimes = measureTimes
      self.loadData = loadData
    }
  }

  /// With the trials of its searches, as far as they are known.
  var plan: Plan
  let environment: Environment
  /// Where the stage stands that was interrupted, until it is computed.
  var progress: CheckpointContents?
  /// Whether the circumstances of the first model that was read have been compared with these.
  var hasComparedFingerprint = false
  /// What the model before the last search makes of the samples that its trials are tested on.
  var reference: (key: String, scores: SampleScores)?
  /// What layers take, by which the last stage went that has a limit of milliseconds.
  var times: InferenceTimes?
  /// Stages of trials computed by this process.
  var computedTrialStages = 0
  /// The model that the last rewinding went back to, or that a recovery was measured on.
  var origin: (key: String, model: ModelState)?
  private var loadedData: RunData?
  /// The model of the stage computed or read last.
  private var latest: (key: String, model: ModelState)?
  /// The stage whose checkpoint is being compressed beside what is computed now.
  private var pending: PendingCommit?
  /// The key of the last model stage that has a checkpoint, once that is known.
  private var resultKey: String?
  /// The stage that is finished and not on disk yet.
  var pendingStage: PlannedStage? { pending?.stage }
  private let clock = ContinuousClock()

  package init(plan: Plan, environment: Environment) {
    self.plan = plan
    self.environment = environment
  }

  /// Computes what is not done, up to and including the stage named `last`.
  ///
  /// - Returns: the number of stages computed.
  /// - Throws: `RunFailure`, `StoreError`, and what reading the data throws.
  package mutating func run(
    _ store: inout CheckpointStore, until last: String? = nil
  ) throws -> Int {
    let started = clock.now
    let found = try findStart(&store)
    let end = try last.map { try plan.index(ofStage: $0) + 1 } ?? plan.stages.count
    let first = min(found, end)
    let records = store.manifest.recordsByKey
    // The trials of a search are computed when it is.
    let toDo = plan.stages[..<end].enumerated().filter { index, stage in
      stage.trial == nil
        && (stage.kind.changesModel ? index >= first : records[stage.key] == nil)
    }.map(\.element)
    environment.events(
      .runStarted(
        name: plan.name, stages: plan.stages.count { $0.trial == nil }, toDo: toDo.count))
    // Leaves whose model has to be computed again come last, so that nothing takes the place of the
    // interrupted stage's progress before that stage is done.
    var deferred: [PlannedStage] = []
    do {
      for earlier in toDo {
        // Behind a search stages have another position, and counts, than before.
        let stage = plan.stage(under: earlier.key) ?? earlier
        try checkInterruption(before: stage)
        if stage.kind.changesModel {
          try compute(stage, &store)
        } else if let model = try storedModel(after: stage.parent, &store) {
          try evaluate(stage, model: model, &store)
        } else {
          deferred.append(stage)
        }
      }
      for earlier in deferred {
        let stage = plan.stage(under: earlier.key) ?? earlier
        try checkInterruption(before: stage)
        try evaluate(stage, model: model(after: stage.parent, &store), &store)
      }
    } catch {
      // What was finished before is not lost, whatever came then.
      try finishCommit(&store)
      throw error
    }
    try finishCommit(&store)
    try pointResult(store)
    let seconds = (clock.now - started).seconds
    let computed = toDo.count + computedTrialStages
    environment.events(.runFinished(name: plan.name, computed: computed, seconds: seconds))
    return computed
  }

  func checkInterruption(before stage: PlannedStage) throws(RunFailure) {
    if environment.isInterrupted() {
      throw .interrupted(stage: stage.name, command: environment.continueCommand)
    }
  }

  // MARK: Models

  /// The model that the stage under `key` ends in: the latest, or that of its checkpoint, or, where
  /// that is missing or damaged, computed anew from the last ancestor that is sound.
  mutating func model(
    after key: String, _ store: inout CheckpointStore
  ) throws -> ModelState {
    var missing: [PlannedStage] = []
    var next = key
    var model = try storedModel(after: next, &store)
    while model == nil {
      guard let stage = plan.stage(under: next), stage.kind.changesModel else {
        preconditionFailure("a parent is a stage of the plan or its root")
      }
      missing.append(stage)
      // A search finds out itself what it goes on from.
      if isInterrupted(stage) || stage.kind == .search { break }
      next = stage.parent
      model = try storedModel(after: next, &store)
    }
    while let stage = missing.popLast() { model = try compute(stage, from: model, &store) }
    guard let model else { preconditionFailure("the last computed model is the wanted one") }
    return model
  }

  /// The model under `key` where nothing has to be computed for it; nil, and a damaged checkpoint set
  /// aside, where something has.
  mutating func storedModel(
    after key: String, _ store: inout CheckpointStore
  ) throws -> ModelState? {
    if let latest, latest.key == key { return latest.model }
    if key == plan.root.key {
      return plan.initialModel(try data())
    }
    guard let record = store.manifest.record(of: key), record.file != nil else { return nil }
    do {
      let contents = try store.contents(of: record)
      try compareFingerprint(of: contents, file: store.folder.file(record.file ?? ""))
      latest = (key, contents.state)
      return contents.state
    } catch RunFailure.damaged(let file, let reason) {
      try setAside(record, file: file, reason: reason, &store)
      return nil
    }
  }

  mutating func data() throws -> RunData {
    if let loadedData { return loadedData }
    let data = try environment.loadData()
    loadedData = data
    return data
  }

  // MARK: Stages

  /// Computes and commits a stage that changes the model.
  private mutating func compute(
    _ stage: PlannedStage, _ store: inout CheckpointStore
  ) throws {
    let isStart = isInterrupted(stage) || stage.kind == .search
    _ = try compute(stage, from: isStart ? nil : model(after: stage.parent, &store), &store)
  }

  /// Computes and commits a stage from `base`, or, where that is nil, from its own progress; a search
  /// from its trials.
  private mutating func compute(
    _ stage: PlannedStage, from base: ModelState?, _ store: inout CheckpointStore
  ) throws -> ModelState {
    var stage = stage
    var base = base
    var report: SearchReport?
    if stage.kind == .search {
      (stage, report) = try finishTrials(of: stage, &store)
      base = try model(after: stage.source, &store)
    }
    if stage.trial != nil { computedTrialStages += 1 }
    try demandSpace(for: stage, in: store)
    let data = try data()
    let started = clock.now
    environment.events(.stageStarted(reference(stage), epochs: stage.epochs))
    let (model, secondsBefore, recovery) = try result(of: stage, from: base, data: data, &store)
    guard model.network.isFinite else { throw RunFailure.notFinite(stage: stage.name) }
    let metrics = try metrics(of: model, on: data.measuringPart, data: data, stage: stage)
    var record = StageRecord(
      stage, network: model.network, metrics: [metrics],
      seconds: secondsBefore + (clock.now - started).seconds, finishedAt: now)
    // A trial that is computed again was decided before.
    record.verdict = store.manifest.record(of: stage.key)?.verdict
    record.search = report
    record.recovery = recovery
    // One after the other: the next is told from this one, and each is on disk before its child is.
    try finishCommit(&store)
    let contents = CheckpointContents(
      state: model, lineage: lineage(of: stage, recovery), fingerprint: Fingerprint.json)
    let sealing = try naming(stage) {
      // A stage that went on from its progress did not need its parent's model until now.
      try store.seal(contents, parent: stage.source) {
        try base ?? storedModel(after: stage.source, &store)
      }
    }
    // Another stage's progress stays until that stage is computed.
    pending = PendingCommit(
      stage: stage, record: record, sealing: sealing, endsProgress: progress == nil)
    latest = (stage.key, model)
    return model
  }

  /// Puts the checkpoint on disk that is being compressed, if there is one.
  ///
  /// - Parameter waits: whether to wait for it; otherwise nothing happens unless it is ready.
  mutating func finishCommit(
    _ store: inout CheckpointStore, waits: Bool = true
  ) throws {
    guard let commit = pending, waits || commit.sealing.isDone else { return }
    pending = nil
    let committed = try naming(commit.stage) {
      try store.commit(commit.record, position: commit.stage.position, sealing: commit.sealing)
    }
    try pointResult(store, behind: commit.stage)
    if commit.endsProgress { try store.removeProgress() }
    environment.events(.stageFinished(reference(commit.stage), committed))
  }

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

  /// The model after `stage`, the seconds that earlier sessions spent on it, and, of a fine-tuning that
  /// was to recover, how it ended.
  mutating func result(
    of stage: PlannedStage, from base: ModelState?, data: RunData, _ store: inout CheckpointStore
  ) throws -> (model: ModelState, secondsBefore: Double, recovery: RecoveryReport?) {
    switch stage.action {
    case .train(let action):
      let training = TrainingStage(
        stage: stage, action: action, lineage: lineage(of: stage), reference: reference(stage),
        seed: plan.seed, environment: environment,
        recovery: try recoveryPoint(of: action, data: data, &store))
      if isInterrupted(stage), let saved = progress, let point = saved.progress {
        progress = nil
        let seconds = TrainingStage.seconds(in: saved.lineage)
        let (model, recovery) = try training.run(
          from: saved.state, progress: point, secondsBefore: seconds, data: data, store
        ) { waits in try finishCommit(&store, waits: waits) }
        return (model, seconds, recovery)
      }
      guard let base else { preconditionFailure("a stage without progress has a base") }
      let (model, recovery) = try training.run(from: base, data: data, store) { waits in
        try finishCommit(&store, waits: waits)
      }
      return (model, 0, recovery)
    case .prune(let action):
      guard let base else { preconditionFailure("only training stages have progress") }
      let (model, report) = try PruningStage(
        stage: stage, action: action, loss: plan.loss, seed: plan.seed, pool: environment.pool,
        times: try times(for: stage, &store)
      ).run(from: base, data: data)
      environment.events(.weightsPruned(reference(stage), report))
      return (model, 0, nil)
    case .rewind(let action):
      guard let base else { preconditionFailure("only training stages have progress") }
      var model = base.rewound(to: try originModel(action.origin, &store).network)
      if !action.keepsOptimizer { model.optimizer = nil }
      return (model, 0, nil)
    case .search(let action):
      guard var model = base else { preconditionFailure("only training stages have progress") }
      if !action.keepsOptimizer { model.optimizer = nil }
      return (model, 0, nil)
    case .evaluate:
      preconditionFailure("an evaluation has no result model")
    }
  }

  private mutating func evaluate(
    _ stage: PlannedStage, model: ModelState, _ store: inout CheckpointStore
  ) throws {
    guard case .evaluate(let part) = stage.action else { return }
    try demandSpace(for: stage, in: store)
    let data = try data()
    let started = clock.now
    environment.events(.stageStarted(reference(stage), epochs: nil))
    let metrics = try metrics(of: model, on: part, data: data, stage: stage)
    let record = StageRecord(
      stage, network: model.network, metrics: [metrics], seconds: (clock.now - started).seconds,
      finishedAt: now)
    try finishCommit(&store)
    try store.list(record)
    environment.events(.stageFinished(reference(stage), record))
  }

  /// - Throws: `RunFailure.failed` where the loss is not finite, or there is no such part.
  func metrics(
    of model: ModelState, on part: DataPartName, data: RunData, stage: PlannedStage
  ) throws(RunFailure) -> PartMetrics {
    guard let samples = data[part], samples.count > 0 else {
      throw .failed(stage: stage.name, reason: "the data have no \(part.rawValue) part")
    }
    let metrics = Evaluator(
      samples: samples, loss: plan.loss, targetScaling: model.targetScaling,
      pool: environment.pool
    ).metrics(of: model.network)
    guard metrics.loss.isFinite else {
      throw .failed(
        stage: stage.name,
        reason: "the loss on the \(part.rawValue) part is not finite; lower the learning rate, or "
          + "look for values far from those of the training part")
    }
    return PartMetrics(part: part.rawValue, metrics: metrics)
  }

  /// Points the run's result at the last model stage of the plan that has a checkpoint.
  ///
  /// - Parameter committed: the stage that has just got one: where it comes behind the last so far, no
  ///   other has to be looked at.
  private mutating func pointResult(
    _ store: CheckpointStore, behind committed: PlannedStage? = nil
  ) throws(StoreError) {
    var candidates = plan.stages[...]
    if let committed, let last = resultKey.flatMap(plan.stage(under:)),
      let now = plan.stage(under: committed.key), now.position > last.position
    {
      candidates = [now]
    }
    for stage in candidates.reversed() where stage.kind.changesModel {
      guard let record = store.manifest.record(of: stage.key), store.hasFile(of: record),
        let file = record.file
      else { continue }
      resultKey = stage.key
      return try store.pointResult(at: file)
    }
  }

  // MARK: Names

  /// The time that a record is made.
  var now: String { environment.surroundings.now() }

  /// What the checkpoint of `stage` says of where it comes from, and of how a recovery ended: what a
  /// record cannot find out again where the run is killed before it is listed.
  func lineage(of stage: PlannedStage, _ recovery: RecoveryReport? = nil) -> JSONValue {
    var lineage: JSONValue = [
      "key": .string(stage.key), "parent": .string(stage.parent), "stage": .string(stage.name),
      "kind": .string(stage.kind.rawValue), "settings": stage.settings,
      "data": .string(plan.facts.digest), "seed": .string(String(plan.seed)),
    ]
    // The model of a search is that of its last trial that held.
    if stage.kind == .search { lineage["source"] = .string(stage.source) }
    if let times = timesInLineage(of: stage) { lineage["times"] = times }
    if let recovery { lineage["recovery"] = recovery.json }
    return lineage
  }

  func reference(_ stage: PlannedStage) -> StageReference {
    StageReference(
      name: stage.name, kind: stage.kind, position: stage.position, of: plan.stages.count)
  }
}

extension Duration {
  /// As seconds with a fraction.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

/// A finished stage that is not on disk yet.
private struct PendingCommit {
  let stage: PlannedStage
  /// Complete but for what is known of a file.
  let record: StageRecord
  let sealing: CheckpointSealing
  /// Whether the saved progress was this stage's, and goes with its commit.
  let endsProgress: Bool
}
