import Datasets
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage

/// Walks a plan: computes what is not done, and has every stage committed.
///
/// A class, because stages call back while they are computed.
package final class Executor {
  /// With the trials of its searches, as far as they are known.
  var plan: Plan
  let environment: Environment
  /// Where the stage stands that was interrupted, until it is computed.
  var progress: CheckpointContents?
  /// Whether the circumstances of the first model that was read have been compared with these.
  var hasComparedFingerprint = false
  /// What the model before the last search makes of the samples that its trials are tested on.
  var reference: (key: String, scores: SampleScores)?
  /// What the network before the first pruning makes of the part that the last evaluation was of.
  var knownDense: (key: String, part: DataPartName, scores: DenseScores)?
  /// Stages of trials computed by this process.
  private var computedTrialStages = 0
  /// Whether it has been said that a pruning has ruined the network.
  var hasWarnedOfCollapse = false
  private var loadedData: RunData?
  private let clock = ContinuousClock()

  private(set) lazy var commits = CommitQueue(initialStore) { [unowned self] stage in
    try pointResult(behind: stage)
  } finished: { [unowned self] stage, record in
    environment.events(.stageFinished(reference(stage), record))
  }
  private(set) lazy var models = ModelSource(
    root: (
      plan.root.key,
      { [unowned self] in
        try data().model(
          of: plan.initialNetwork, original: plan.start?.original, loss: plan.loss)
      }
    ),
    read: { [unowned self] in try checkpoint(under: $0) })
  private let initialStore: CheckpointStore
  /// The key of the last model stage that has a checkpoint, once that is known.
  var resultKey: String?

  package init(plan: Plan, store: CheckpointStore, environment: Environment) {
    self.plan = plan
    self.environment = environment
    initialStore = store
  }

  /// What the folder holds, as last committed.
  package var manifest: Manifest { commits.store.manifest }
  var folder: RunFolder { commits.store.folder }

  /// Computes what is not done, up to and including the stage named `last`.
  ///
  /// - Returns: the number of stages computed.
  /// - Throws: `RunFailure`, `StoreError`, and what reading the data throws.
  package func run(until last: String? = nil) throws -> Int {
    let started = clock.now
    let found = try findStart()
    try restorePins()
    try moveResult()
    try commits.store.endAnnouncement()
    let end = try last.map { try plan.index(ofStage: $0) + 1 } ?? plan.stages.count
    // The trials of a search are computed when it is.
    let open = Walk(plan, commits.records, first: min(found, end)).open(until: end)
      .filter { $0.trial == nil }
    environment.events(
      .runStarted(
        name: plan.name, stages: plan.ownStageCount, toDo: open.count,
        loads: open.map { StageLoad(name: $0.name, kind: $0.kind, epochs: $0.epochs) }))
    do {
      try compute(open)
    } catch {
      // What was finished before is not lost, whatever came then.
      try commits.finish()
      throw error
    }
    try commits.finish()
    try pointResult()
    warnOfLoss(computed: open)
    let seconds = (clock.now - started).seconds
    let computed = open.count + computedTrialStages
    environment.events(.runFinished(name: plan.name, computed: computed, seconds: seconds))
    return computed
  }

  private func compute(_ open: [PlannedStage]) throws {
    // Leaves whose model has to be computed again come last, so that nothing takes the place of the
    // interrupted stage's progress before that stage is done.
    var deferred: [(PlannedStage, any LeafStage)] = []
    for stage in open {
      try checkInterruption(before: stage)
      switch stage.action {
      case .model, .search: try compute(stage)
      case .leaf(let leaf):
        guard let model = try models.stored(stage.parent) else {
          deferred.append((stage, leaf))
          continue
        }
        try compute(stage, leaf, on: model)
      }
    }
    for (stage, leaf) in deferred {
      try checkInterruption(before: stage)
      try compute(stage, leaf, on: model(after: stage.parent))
    }
  }

  func checkInterruption(before stage: PlannedStage) throws(RunFailure) {
    if environment.isInterrupted() { throw interruption(of: stage) }
  }

  private func interruption(of stage: PlannedStage) -> RunFailure {
    .interrupted(stage: stage.name, command: environment.continueCommand)
  }

  /// Writes the manifest as a whole where its journal has lines.
  package func fold() throws { try commits.withStore { try $0.fold() } }

  // MARK: Models

  /// The model that the stage under `key` ends in: the latest, or that of its checkpoint, or, where
  /// that is missing or damaged, computed anew from the last ancestor that is sound.
  func model(after key: String) throws -> ModelState {
    // A search finds out itself what it goes on from.
    var (model, stages) = try models.way(to: key, in: plan) { stage in
      isInterrupted(stage) || stage.kind == .search
    }
    for stage in stages { model = try compute(stage, from: model) }
    guard let model else { preconditionFailure("the last computed model is the wanted one") }
    return model
  }

  func data() throws -> RunData {
    if let loadedData { return loadedData }
    let data = try environment.loadData()
    loadedData = data
    return data
  }

  // MARK: Stages

  /// What computes the plan's stages as things are.
  func computation() throws -> StageComputation {
    StageComputation(
      plan: plan, data: try data(), pool: environment.pool, ranks: environment.ranks,
      record: { [unowned self] in manifest.record(of: $0) }
    ) { [unowned self] key in
      try models.origin(key) { try model(after: key) }
    }
  }

  /// Computes and commits a stage that changes the model.
  private func compute(_ stage: PlannedStage) throws {
    let begins = isInterrupted(stage) || stage.kind == .search
    _ = try compute(stage, from: begins ? nil : model(after: stage.parent))
  }

  /// Computes and commits a stage from `base`, or, where that is nil, from its own progress; a search
  /// from its trials.
  private func compute(_ planned: PlannedStage, from base: ModelState?) throws -> ModelState {
    // Behind a search stages have another position, and counts, than before.
    var stage = plan.stage(under: planned.key) ?? planned
    var base = base
    var report: SearchReport?
    if case .search = stage.action {
      (stage, report) = try finishTrials(of: stage)
      base = try model(after: stage.source)
    }
    if stage.trial != nil { computedTrialStages += 1 }
    try demandSpace(for: stage)
    let computation = try computation()
    let started = clock.now
    environment.events(.stageStarted(reference(stage), epochs: stage.epochs))
    let times = try times(for: stage)
    let (start, secondsBefore) = start(of: stage, from: base)
    let saving = ProgressSaving(
      of: stage, reference(stage), lineage: plan.lineage(of: stage, times: times),
      secondsBefore: secondsBefore, commits, environment)
    let work = computation.work(for: stage, times: times, watch: saving.watch)
    let result = try computation.result(of: stage, from: start, work)
    var record = StageRecord(
      stage, in: plan, network: result.model.network,
      metrics: [try work.metrics(of: result.model, on: work.data.measuringPart)],
      seconds: secondsBefore + (clock.now - started).seconds, finishedAt: now)
    // A trial that is computed again was decided before.
    record.verdict = manifest.record(of: stage.key)?.verdict
    record.peakMemory = environment.surroundings.peakMemory()
    record.search = report
    record.recovery = result.recovery
    let contents = CheckpointContents(
      state: result.model,
      lineage: plan.lineage(of: stage, times: times, recovery: result.recovery),
      fingerprint: Fingerprint.json)
    // Another stage's progress stays until that stage is computed.
    try commits.add(stage, record, contents, endsProgress: progress == nil) {
      // A stage that went on from its progress did not need its parent's model until now.
      try base ?? models.stored(stage.source)
    }
    // The stage before has been told to its end by now.
    if let pruning = result.pruning {
      environment.events(.weightsPruned(reference(stage), pruning))
    }
    if let shrinking = result.shrinking {
      environment.events(.networkShrunk(reference(stage), shrinking))
    }
    try warnOfCollapse(stage, record, work) { try base ?? work.base() }
    models.note(result.model, under: stage.key)
    return result.model
  }

  /// What `stage` begins with, and the seconds that earlier sessions spent on it.
  private func start(
    of stage: PlannedStage, from base: ModelState?
  ) -> (start: StageStart, secondsBefore: Double) {
    if isInterrupted(stage), let saved = progress {
      progress = nil
      return (.progress(saved), ProgressSaving.seconds(in: saved.lineage))
    }
    guard let base else { preconditionFailure("a stage without progress has a base") }
    return (.model(base), 0)
  }

  /// Computes and lists a leaf.
  private func compute(
    _ planned: PlannedStage, _ leaf: any LeafStage, on model: ModelState
  ) throws {
    let stage = plan.stage(under: planned.key) ?? planned
    try demandSpace(for: stage)
    let work = try computation().work(for: stage)
    let started = clock.now
    environment.events(.stageStarted(reference(stage), epochs: nil))
    let result = try leaf.run(
      on: model,
      LeafWork(work) {
        try self.pin(stage, target: $0)
      } origin: {
        try self.origin(of: stage)
      } dense: {
        try self.denseScores(before: stage, on: $0)
      })
    result.notices.forEach { environment.events(.notice($0)) }
    var record = StageRecord(
      stage, in: plan, network: model.network, metrics: result.metrics,
      seconds: (clock.now - started).seconds, finishedAt: now)
    record.files = result.files
    record.peakMemory = environment.surroundings.peakMemory()
    record.evaluation = result.evaluation
    try commits.list(stage, record)
  }

  /// Where the model before `stage` comes from.
  private func origin(of stage: PlannedStage) throws -> ModelOrigin? {
    try commits.finish()
    guard let record = manifest.record(of: stage.parent), let sha256 = record.sha256 else {
      return nil
    }
    return ModelOrigin(sha256: sha256, lineage: nil, quality: record.metrics.last?.quality)
  }

  /// The time that a record is made.
  var now: String { environment.surroundings.now() }

  func reference(_ stage: PlannedStage) -> StageReference {
    StageReference(stage, in: plan)
  }
}

extension Duration {
  /// As seconds with a fraction.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
