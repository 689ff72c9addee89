import Formats
import NeuralNetworks
import NumericCore

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

    package init(
      pool: WorkerPool, events: @escaping EventSink, isInterrupted: @escaping () -> Bool,
      saveEvery: Duration, continueCommand: String, loadData: @escaping () throws -> RunData
    ) {
      self.pool = pool
      self.events = events
      self.isInterrupted = isInterrupted
      self.saveEvery = saveEvery
      self.continueCommand = continueCommand
      self.loadData = loadData
    }
  }

  let plan: Plan
  let environment: Environment
  /// Where the stage stands that was interrupted, until it is computed.
  var progress: CheckpointContents?
  /// Whether the circumstances of the first model that was read have been compared with these.
  var hasComparedFingerprint = false
  private var loadedData: RunData?
  /// The model of the stage computed or read last.
  private var latest: (key: String, model: ModelState)?
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
    let end = try last.map { try plan.index(ofStage: $0) + 1 } ?? plan.stages.count
    let started = clock.now
    let first = min(try findStart(&store), end)
    let records = store.manifest.recordsByKey
    let toDo = plan.stages[..<end].enumerated().filter { index, stage in
      stage.kind.changesModel ? index >= first : records[stage.key] == nil
    }.map(\.element)
    environment.events(
      .runStarted(name: plan.name, stages: plan.stages.count, toDo: toDo.count))
    // Leaves whose model has to be computed again come last, so that nothing takes the place of the
    // interrupted stage's progress before that stage is done.
    var deferred: [PlannedStage] = []
    for stage in toDo {
      try checkInterruption(before: stage)
      if stage.kind.changesModel {
        try compute(stage, &store)
      } else if let model = try storedModel(after: stage.parent, &store) {
        try evaluate(stage, model: model, &store)
      } else {
        deferred.append(stage)
      }
    }
    for stage in deferred {
      try checkInterruption(before: stage)
      try evaluate(stage, model: model(after: stage.parent, &store), &store)
    }
    try pointResult(store)
    let seconds = (clock.now - started).seconds
    environment.events(.runFinished(name: plan.name, computed: toDo.count, seconds: seconds))
    return toDo.count
  }

  private func checkInterruption(before stage: PlannedStage) throws(RunFailure) {
    if environment.isInterrupted() {
      throw .interrupted(stage: stage.name, command: environment.continueCommand)
    }
  }

  // MARK: Models

  /// The model that the stage under `key` ends in: the latest, or that of its checkpoint, or, where
  /// that is missing or damaged, computed anew from the last ancestor that is sound.
  private mutating func model(
    after key: String, _ store: inout CheckpointStore
  ) throws -> ModelState {
    var missing: [PlannedStage] = []
    var next = key
    var model = try storedModel(after: next, &store)
    while model == nil {
      guard let stage = plan.stages.first(where: { $0.key == next && $0.kind.changesModel }) else {
        preconditionFailure("a parent is a stage of the plan or its root")
      }
      missing.append(stage)
      if isInterrupted(stage) { break }
      next = stage.parent
      model = try storedModel(after: next, &store)
    }
    while let stage = missing.popLast() { model = try compute(stage, from: model, &store) }
    guard let model else { preconditionFailure("the last computed model is the wanted one") }
    return model
  }

  /// The model under `key` where nothing has to be computed for it; nil, and a damaged checkpoint set
  /// aside, where something has.
  private mutating func storedModel(
    after key: String, _ store: inout CheckpointStore
  ) throws -> ModelState? {
    if let latest, latest.key == key { return latest.model }
    if key == plan.root.key {
      let data = try data()
      return ModelState(
        network: plan.start?.network ?? plan.architecture.network(seed: plan.seed),
        inputScaling: data.inputScaling, targetScaling: data.targetScaling, classes: data.classes)
    }
    guard let record = store.manifest.record(of: key) else { return nil }
    do {
      let contents = try store.contents(of: record)
      compareFingerprint(of: contents, file: store.folder.file(record.file ?? ""))
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
    let base = isInterrupted(stage) ? nil : try model(after: stage.parent, &store)
    _ = try compute(stage, from: base, &store)
  }

  /// Computes and commits a stage from `base`, or, where that is nil, from its own progress.
  private mutating func compute(
    _ stage: PlannedStage, from base: ModelState?, _ store: inout CheckpointStore
  ) throws -> ModelState {
    let data = try data()
    let started = clock.now
    environment.events(.stageStarted(reference(stage), epochs: stage.epochs))
    let (model, secondsBefore) = try result(of: stage, from: base, data: data, store)
    guard model.network.isFinite else { throw RunFailure.notFinite(stage: stage.name) }
    let metrics = try metrics(of: model, on: data.measuringPart, data: data, stage: stage)
    let record = StageRecord(
      stage, network: model.network, metrics: [metrics],
      seconds: secondsBefore + (clock.now - started).seconds)
    let committed: StageRecord
    do {
      committed = try store.commit(
        record, position: stage.position,
        contents: CheckpointContents(
          state: model, lineage: lineage(of: stage), fingerprint: Fingerprint.json))
    } catch CheckpointError.nonFinite {
      throw RunFailure.notFinite(stage: stage.name)
    } catch let error as CheckpointError {
      throw RunFailure.failed(stage: stage.name, reason: "\(error)")
    }
    try pointResult(store)
    // Another stage's progress stays until that stage is computed.
    if progress == nil { try store.removeProgress() }
    latest = (stage.key, model)
    environment.events(.stageFinished(reference(stage), committed))
    return model
  }

  /// The model after `stage`, and the seconds that earlier sessions spent on it.
  private mutating func result(
    of stage: PlannedStage, from base: ModelState?, data: RunData, _ store: CheckpointStore
  ) throws -> (model: ModelState, secondsBefore: Double) {
    switch stage.action {
    case .train(let action):
      let training = TrainingStage(
        stage: stage, action: action, lineage: lineage(of: stage), reference: reference(stage),
        seed: plan.seed, environment: environment)
      if isInterrupted(stage), let saved = progress, let point = saved.progress {
        progress = nil
        let seconds = TrainingStage.seconds(in: saved.lineage)
        let model = try training.run(
          from: saved.state, progress: point, secondsBefore: seconds, data: data, store)
        return (model, seconds)
      }
      guard let base else { preconditionFailure("a stage without progress has a base") }
      return (try training.run(from: base, data: data, store), 0)
    case .prune(let action):
      guard let base else { preconditionFailure("only training stages have progress") }
      let model = try PruningStage(
        stage: stage, action: action, loss: plan.loss, pool: environment.pool
      ).run(from: base, data: data)
      return (model, 0)
    case .evaluate:
      preconditionFailure("an evaluation has no result model")
    }
  }

  private mutating func evaluate(
    _ stage: PlannedStage, model: ModelState, _ store: inout CheckpointStore
  ) throws {
    guard case .evaluate(let part) = stage.action else { return }
    let data = try data()
    let started = clock.now
    environment.events(.stageStarted(reference(stage), epochs: nil))
    let metrics = try metrics(of: model, on: part, data: data, stage: stage)
    let record = StageRecord(
      stage, network: model.network, metrics: [metrics], seconds: (clock.now - started).seconds)
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
  private func pointResult(_ store: CheckpointStore) throws(StoreError) {
    let records = store.manifest.recordsByKey
    for stage in plan.stages.reversed() where stage.kind.changesModel {
      guard let record = records[stage.key], store.hasFile(of: record), let file = record.file
      else { continue }
      return try store.pointResult(at: file)
    }
  }

  // MARK: Names

  private func lineage(of stage: PlannedStage) -> JSONValue {
    [
      "key": .string(stage.key), "parent": .string(stage.parent), "stage": .string(stage.name),
      "kind": .string(stage.kind.rawValue), "settings": stage.settings,
      "data": .string(plan.facts.digest), "seed": .string(String(plan.seed)),
    ]
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
