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
  package mutating func run(_ store: inout CheckpointStore, until last: String? = nil) throws -> Int {
    let end = try last.map { try plan.index(ofStage: $0) + 1 } ?? plan.stages.count
    let started = clock.now
    try checkProgress(store)
    let first = try firstUndone(&store, before: end)
    let toDo = plan.stages[..<end].enumerated().filter { index, stage in
      stage.kind.changesModel ? index >= first : store.manifest.record(of: stage.key) == nil
    }
    environment.events(
      .runStarted(name: plan.name, stages: plan.stages.count, toDo: toDo.count))
    for (_, stage) in toDo {
      if environment.isInterrupted() {
        throw RunFailure.interrupted(stage: stage.name, command: environment.continueCommand)
      }
      let base = try model(after: stage.parent, &store)
      if stage.kind.changesModel {
        try compute(stage, from: base, &store)
      } else {
        try evaluate(stage, model: base, &store)
      }
    }
    let seconds = (clock.now - started).seconds
    environment.events(.runFinished(name: plan.name, computed: toDo.count, seconds: seconds))
    return toDo.count
  }

  // MARK: Where to go on

  /// The position of the first stage without a sound result: the one behind the last model stage
  /// whose checkpoint is as it was written. Damaged ones on the way are set aside, with a warning.
  private func firstUndone(_ store: inout CheckpointStore, before end: Int) throws -> Int {
    var first = 0
    for index in (0..<end).reversed() where plan.stages[index].kind.changesModel {
      guard let record = store.manifest.record(of: plan.stages[index].key) else { continue }
      do {
        _ = try store.bytes(of: record)
        first = index + 1
        break
      } catch RunFailure.damaged(let file, let reason) {
        try setAside(record, file: file, reason: reason, &store)
      }
    }
    for stage in plan.stages[..<first] where stage.kind.changesModel {
      if let record = store.manifest.record(of: stage.key), !store.hasFile(of: record) {
        environment.events(
          .warning(
            "\(store.folder.file(record.file ?? "")): gone or of another size; the run goes on "
              + "from a later stage and does not need it"))
      }
    }
    return first
  }

  /// The model that the stage under `key` ends in: the latest, or read from its checkpoint, or, where
  /// that is missing or damaged, computed anew from its own parent.
  private mutating func model(
    after key: String, _ store: inout CheckpointStore
  ) throws -> ModelState {
    if let latest, latest.key == key { return latest.model }
    if key == plan.root.key {
      let data = try data()
      return ModelState(
        network: plan.architecture.network(seed: plan.seed), inputScaling: data.inputScaling,
        targetScaling: data.targetScaling, classes: data.classes)
    }
    if let record = store.manifest.record(of: key) {
      do {
        let model = try store.contents(of: record).state
        latest = (key, model)
        return model
      } catch RunFailure.damaged(let file, let reason) {
        try setAside(record, file: file, reason: reason, &store)
      }
    }
    guard let stage = plan.stages.first(where: { $0.key == key }) else {
      preconditionFailure("a parent is a stage of the plan or its root")
    }
    return try compute(stage, from: model(after: stage.parent, &store), &store)
  }

  private func setAside(
    _ record: StageRecord, file: String, reason: String, _ store: inout CheckpointStore
  ) throws {
    environment.events(
      .warning("\(file): damaged (\(reason)); stage \(record.name) is computed anew"))
    try store.setAside(record)
  }

  /// A progress file of changed data stops the run; one of another stage or schedule is let go.
  private func checkProgress(_ store: CheckpointStore) throws {
    guard let progress = try store.progress() else { return }
    let lineage = progress.lineage
    let stage = lineage["stage"]?.stringValue ?? "unknown"
    if lineage["data"]?.stringValue != plan.facts.digest {
      throw RunFailure.dataChanged(run: store.folder.path, stage: stage)
    }
    let key = lineage["key"]?.stringValue
    if !plan.stages.contains(where: { $0.key == key }) {
      environment.events(
        .warning("stage \(stage) was interrupted, but the schedule has changed: it starts anew"))
      try store.removeProgress()
    } else if let key, store.manifest.record(of: key) != nil {
      try store.removeProgress()
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
  @discardableResult
  private mutating func compute(
    _ stage: PlannedStage, from base: ModelState, _ store: inout CheckpointStore
  ) throws -> ModelState {
    let started = clock.now
    let data = try data()
    environment.events(.stageStarted(reference(stage), epochs: stage.epochs))
    let model: ModelState
    if let adopted = try adoptable(stage, store) {
      model = adopted
    } else {
      model = try result(of: stage, from: base, data: data, store)
    }
    guard model.network.isFinite else { throw RunFailure.notFinite(stage: stage.name) }
    let part = data.measuringPart
    let metrics = metrics(of: model, on: part, data: data)
    guard metrics.loss.isFinite else { throw RunFailure.notFinite(stage: stage.name) }
    let record = StageRecord(
      stage, network: model.network, metrics: [PartMetrics(part: part.rawValue, metrics: metrics)],
      seconds: (clock.now - started).seconds)
    let committed = try store.commit(
      record, position: stage.position,
      contents: CheckpointContents(
        state: model, lineage: lineage(of: stage), fingerprint: Fingerprint.json))
    latest = (stage.key, model)
    environment.events(.stageFinished(reference(stage), committed))
    return model
  }

  private func result(
    of stage: PlannedStage, from base: ModelState, data: RunData, _ store: CheckpointStore
  ) throws -> ModelState {
    switch stage.action {
    case .train(let action):
      return try TrainingStage(
        stage: stage, action: action, lineage: lineage(of: stage), reference: reference(stage),
        seed: plan.seed, environment: environment
      ).run(from: base, data: data, store)
    case .prune(let action):
      return try PruningStage(stage: stage, action: action, loss: plan.loss, pool: environment.pool)
        .run(from: base, data: data)
    case .evaluate:
      preconditionFailure("an evaluation has no result model")
    }
  }

  private mutating func evaluate(
    _ stage: PlannedStage, model: ModelState, _ store: inout CheckpointStore
  ) throws {
    guard case .evaluate(let part) = stage.action else { return }
    let started = clock.now
    environment.events(.stageStarted(reference(stage), epochs: nil))
    let metrics = metrics(of: model, on: part, data: try data())
    let record = StageRecord(
      stage, network: model.network, metrics: [PartMetrics(part: part.rawValue, metrics: metrics)],
      seconds: (clock.now - started).seconds)
    try store.list(record)
    environment.events(.stageFinished(reference(stage), record))
  }

  /// The model of a complete checkpoint that a killed run wrote but did not list.
  private func adoptable(_ stage: PlannedStage, _ store: CheckpointStore) throws -> ModelState? {
    let name = RunFolder.checkpointName(
      position: stage.position, stage: stage.name, key: stage.key)
    let path = store.folder.file(name)
    guard FilePaths.exists(path) else { return nil }
    guard
      let contents = try? Checkpoint.decode(
        FilePaths.read(path), digest: { Digest.sha256($0) }),
      contents.lineage["key"]?.stringValue == stage.key
    else { return nil }
    return contents.state
  }

  private func metrics(of model: ModelState, on part: DataPartName, data: RunData) -> Metrics {
    guard let samples = data[part] else { return Metrics(loss: .nan) }
    return Evaluator(
      samples: samples, loss: plan.loss, targetScaling: model.targetScaling,
      pool: environment.pool
    ).metrics(of: model.network)
  }

  // MARK: Names

  private func lineage(of stage: PlannedStage) -> JSONValue {
    [
      "key": .string(stage.key), "parent": .string(stage.parent), "stage": .string(stage.name),
      "kind": .string(stage.kind.rawValue), "settings": stage.settings,
      "data": .string(plan.facts.digest), "seed": .string(String(plan.seed)),
    ]
  }

  private func reference(_ stage: PlannedStage) -> StageReference {
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
