import ModelFiles
import NeuralNetworks
import Storage

/// Where a run goes on: what a dead run, a full disk or a flipped bit has left.
extension Executor {
  /// The position of the first stage without a sound result. A stage is done when it, or a later one
  /// of the plan, has a checkpoint that is as it was written; also when a later one has saved
  /// progress. Damaged files on the way are set aside, with a warning.
  func findStart() throws -> Int {
    plan = plan.expanded(by: commits.records)
    try adoptUnlisted()
    try loadProgress()
    var records = commits.records
    var first = 0
    for index in plan.stages.indices.reversed() where plan.stages[index].kind.changesModel {
      let stage = plan.stages[index]
      if let record = records[stage.key], record.file != nil {
        do {
          try commits.store.check(record)
          first = index + 1
          break
        } catch RunFailure.damaged(let file, let reason) {
          try setAside(record, file: file, reason: reason)
          records[stage.key] = nil
        }
      }
      if isInterrupted(stage) {
        first = index
        break
      }
    }
    // A search goes on from its last trial that held, and compares with the model before it.
    let needed = Set(plan.stages[first...].flatMap(\.needs))
    for stage in plan.stages[..<first] where stage.kind.changesModel {
      if needed.contains(stage.key) { continue }
      guard let record = records[stage.key], record.isDamaged(in: folder) else { continue }
      environment.events(
        .warning(
          "\(folder.file(record.file ?? "")): gone or of another size; the run goes on "
            + "from a later stage and does not need it (ecpipe replay \(stage.name) "
            + "\(folder.name) --restore puts it back)"))
    }
    try dropFinishedProgress(records)
    return first
  }

  /// Whether `stage` is the one whose progress is saved.
  func isInterrupted(_ stage: PlannedStage) -> Bool {
    progress?.lineage["key"]?.stringValue == stage.key
  }

  /// Renames the damaged file of a stage, which is computed anew if it is needed.
  func setAside(
    _ record: StageRecord, file: String, reason: String
  ) throws {
    environment.events(
      .warning(
        "\(file): damaged (\(reason)); it is set aside, and stage \(record.name) is computed anew "
          + "where it is needed"))
    try commits.withStore { try $0.setAside(record) }
  }

  /// The model of the checkpoint under `key`; nil, and a damaged one set aside, where there is none that
  /// is sound.
  func checkpoint(under key: String) throws -> ModelState? {
    guard let record = manifest.record(of: key), let name = record.file else { return nil }
    do {
      let contents = try commits.store.contents(of: record)
      try compareFingerprint(of: contents, file: folder.file(name))
      return contents.state
    } catch RunFailure.damaged(let file, let reason) {
      try setAside(record, file: file, reason: reason)
      return nil
    }
  }

  /// Says once where a model was made under other circumstances than these, on which bits depend.
  ///
  /// - Throws: `RunFailure.fingerprintChanged` where the same circumstances are demanded.
  func compareFingerprint(
    of contents: CheckpointContents, file: String
  ) throws(RunFailure) {
    if environment.demandsSameFingerprint { try Fingerprint.demand(contents.fingerprint, of: file) }
    if hasComparedFingerprint { return }
    hasComparedFingerprint = true
    let differences = JSONDifference.all(from: contents.fingerprint, to: Fingerprint.json)
    if differences.isEmpty { return }
    environment.events(
      .warning(
        "\(file): made with another processor, library or engine ("
          + differences.map(\.description).joined(separator: "; ")
          + "); what is computed from it may differ in its last bits"))
  }

  // MARK: Checkpoints without a record

  /// Takes up complete checkpoints of the plan's stages that the manifest does not list: a killed run
  /// wrote them, or the manifest was lost. Says so once; damaged ones are set aside, with a warning.
  private func adoptUnlisted() throws {
    var adopted: [String] = []
    repeat {
      // A trial that is decided says which the next one is.
      plan = plan.expanded(by: commits.records, openTrials: .always)
      let files = commits.store.unlistedFiles()
      let records = commits.records
      for stage in plan.stages where stage.kind.changesModel && records[stage.key] == nil {
        for name in files[CheckpointName.ending(key: stage.key)] ?? [] {
          if try adopt(name, as: stage) {
            adopted.append(stage.name)
            break
          }
        }
      }
    } while try decideStoredTrials()
    try completeSearchRecords()
    plan = plan.expanded(by: commits.records)
    if adopted.isEmpty { return }
    environment.events(
      .warning(
        "\(folder.path): finished stages that run.json did not list are taken up: "
          + adopted.joined(separator: ", ")))
  }

  private func adopt(
    _ name: String, as stage: PlannedStage
  ) throws -> Bool {
    let file: (bytes: [UInt8], contents: CheckpointContents)
    do {
      file = try commits.store.unlisted(name)
    } catch RunFailure.damaged(let path, let reason) {
      environment.events(
        .warning("\(path): damaged (\(reason)); it is set aside"))
      try commits.store.setAside(file: name)
      return false
    }
    let model = file.contents.state
    guard file.contents.lineage["key"]?.stringValue == stage.key, file.contents.progress == nil,
      stage.fits(model.network, plan.architecture), stage.admits(model.network),
      model.network.isFinite
    else { return false }
    try compareFingerprint(of: file.contents, file: folder.file(name))
    let work = try computation().work(for: stage)
    let metrics = try work.metrics(of: model, on: work.data.measuringPart)
    try restoreTimes(of: stage, from: file.contents.lineage)
    var record = StageRecord(
      stage, in: plan, network: model.network, metrics: [metrics], seconds: 0, finishedAt: now)
    record.recovery = file.contents.lineage["recovery"].flatMap { try? RecoveryReport(json: $0) }
    _ = try commits.withStore { try $0.list(record, file: name, bytes: file.bytes) }
    return true
  }

  // MARK: Progress

  /// Reads where an interrupted stage stands. Progress of a stage that is not in the plan is let go;
  /// progress that cannot be used is set aside. Both with a warning.
  private func loadProgress() throws {
    let saved: CheckpointContents?
    do {
      saved = try commits.store.progress()
    } catch RunFailure.damaged(let file, let reason) {
      try setAsideProgress("\(file): damaged (\(reason))")
      return
    }
    guard let saved else { return }
    let name = saved.lineage["stage"]?.stringValue ?? "unknown"
    let key = saved.lineage["key"]?.stringValue
    guard let stage = key.flatMap(plan.stage(under:)), stage.kind.changesModel else {
      let isOtherEngine = saved.fingerprint["engine"] != Fingerprint.json["engine"]
      environment.events(
        .warning(
          "stage \(name) was interrupted, but the \(isOtherEngine ? "engine" : "schedule") has "
            + "changed: it starts anew"))
      return try commits.store.removeProgress()
    }
    guard stage.fits(saved.state.network, plan.architecture),
      stage.action.modelStage?.canContinue(from: saved, as: stage, in: plan) == true
    else {
      return try setAsideProgress(
        "\(folder.progress): it does not fit stage \(name)")
    }
    try compareFingerprint(of: saved, file: folder.progress)
    progress = saved
  }

  private func setAsideProgress(_ problem: String) throws {
    environment.events(
      .warning("\(problem); it is set aside, and the interrupted stage starts anew"))
    try commits.store.setAside(file: FilePaths.name(of: folder.progress))
  }

  /// Removes the progress of a stage that is committed: the run was killed in between.
  private func dropFinishedProgress(
    _ records: [String: StageRecord]
  ) throws {
    guard let key = progress?.lineage["key"]?.stringValue, let record = records[key],
      record.isPresent(in: folder)
    else { return }
    progress = nil
    try commits.store.removeProgress()
  }
}
