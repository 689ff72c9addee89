import ModelFiles
import Schedules
import Storage

/// `ecpipe gc`: lets go of checkpoints that no policy keeps, and of tables as files of numbers that the data of no run
/// need. Nothing else deletes any.
///
/// Whatever the policy says, these stay: the last checkpoint of the current chain whose SHA-256 is
/// right at this moment, what the result points at, what the saved progress and the unfinished plan
/// go on from, and what is noted as exported or as the start of another run, or of a study.
package struct GarbageCollection {
  /// What becomes of one checkpoint.
  package struct Verdict: Sendable, Equatable {
    package let record: StageRecord
    /// What speaks for it, in a fixed order; nothing where it goes.
    package let reasons: [String]

    package var isKept: Bool { !reasons.isEmpty }
  }

  /// What a collection did, or would do.
  package struct Outcome: Sendable, Equatable {
    package let name: String
    package let keep: CheckpointSettings.Keep
    /// Whether nothing was changed.
    package let isDryRun: Bool
    /// One for every checkpoint that the manifest listed, in its order.
    package let verdicts: [Verdict]
    /// Files of checkpoints that an earlier, killed collection had let go.
    package let leftovers: [String]
    /// Tables that were converted to files of numbers, beside all runs of the folder.
    package let tables: [ConvertedTables.Table]
    /// Bytes that became free; a file that another name leads to frees none.
    package let bytes: Int
  }

  /// Why a checkpoint stays whatever the policy says.
  private enum Protection: String, CaseIterable {
    case result, resumable, verified, exported, start, base

    init(_ pin: CheckpointPins.Reason) {
      switch pin {
      case .exported: self = .exported
      case .start: self = .start
      }
    }
  }

  private let folder: RunFolder
  private let keep: CheckpointSettings.Keep
  private let plan: Plan?
  private let surroundings: Surroundings

  /// - Parameter plan: of the schedule as it is now; nil where it cannot be read.
  package init(
    folder: RunFolder, keep: CheckpointSettings.Keep, plan: Plan?, surroundings: Surroundings
  ) {
    self.folder = folder
    self.keep = keep
    self.plan = plan
    self.surroundings = surroundings
  }

  /// Says what would go, without lock and without changing anything.
  ///
  /// - Throws: `RunFailure`, `StoreError`.
  package func preview() throws -> Outcome {
    // A run at work may rename what was listed a moment ago.
    try SteadyLook(at: folder).value {
      let store = try CheckpointStore(
        reading: folder, manifest: RecordedRun(folder: folder).manifest)
      return try decide(store, pins: CheckpointPins(of: folder).contents(), isDryRun: true).outcome
    }
  }

  /// Lets go of what nothing keeps.
  ///
  /// - Parameter tell: takes what the user should see beside an error.
  /// - Throws: `LockHeld` while a run goes on, `.damaged`, `StoreError`.
  package func run(tell: (Notice) -> Void = { _ in }) throws -> Outcome {
    let lock = try FileLock(path: folder.lock, startedAt: surroundings.now())
    defer { withExtendedLifetime(lock) {} }
    while true {
      let manifest = try RecordedRun(folder: folder).manifest
      let outcome = try CheckpointPins(of: folder).whileFixed { pins in
        try collect(manifest, pins: pins, lock, tell)
      }
      if let outcome { return outcome }
    }
  }

  /// Lets go of what nothing keeps of `manifest`, where `pins` are noted.
  ///
  /// - Returns: nil where more was noted meanwhile. Then it has to be decided anew; what has made room by then is let
  ///   go, as where a collection was killed.
  private func collect(
    _ manifest: Manifest, pins: CheckpointPins.Contents, _ lock: FileLock,
    _ tell: (Notice) -> Void
  ) throws -> Outcome? {
    // Before anything is written, which a full disk may not take.
    let (outcome, keys) = try decide(
      CheckpointStore(reading: folder, manifest: manifest), pins: pins, isDryRun: false)
    try lock.demandPlace()
    for name in outcome.leftovers { try DurableFile.remove(folder.file(name)) }
    try ConvertedTables.release(outcome.tables)
    let released = released(outcome)
    var files = largestFirst(released)
    let others = released.count { FilePaths.hasOtherNames(folder.file($0)) }
    var store: CheckpointStore
    do {
      store = try makingRoom(&files, lock) {
        // Read anew, because what has made room is not listed any more.
        try CheckpointStore(
          opening: folder, manifest: RecordedRun(folder: folder).manifest, writing: .standard,
          lock: lock)
      }
      // Where the disk was full the pins may not be fixed, and now that there is room others can note something.
      guard try CheckpointPins(of: folder).contents() == pins else { return nil }
      try makingRoom(&files, lock) { try store.drop(keys: keys) }
    } catch let error as StoreError where error.isFull && others > 0 {
      tell(.warning(noRoom(others)))
      throw error
    }
    try store.remove(released)
    try ReleaseMarks(in: folder).remove()
    return outcome
  }

  // MARK: Full disks

  /// The files that go.
  private func released(_ outcome: Outcome) -> [String] {
    let kept = Set(outcome.verdicts.filter(\.isKept).compactMap(\.record.file))
    return outcome.verdicts.filter { !$0.isKept }.compactMap(\.record.file)
      .filter { !kept.contains($0) }
  }

  /// Those of `files` that make bytes free, the largest first. One that has another name stays as it is there.
  private func largestFirst(_ files: [String]) -> [String] {
    files.map { (file: $0, bytes: FilePaths.bytesFreed(byRemoving: folder.file($0))) }
      .filter { $0.bytes > 0 }.sorted { $0.bytes > $1.bytes }.map(\.file)
  }

  /// Why `count` checkpoints that could go make no room on a full disk.
  private func noRoom(_ count: Int) -> String {
    "\(folder.path): \(counted(count, "checkpoint that may go has", "checkpoints that may go have")) other names "
      + "(hard links, as in a copy made with cp -l), so deleting \(count == 1 ? "it" : "them") here frees nothing; "
      + "remove those names, too, or make space elsewhere"
  }

  /// Writes the manifest by `body`; where the disk is full, again when one more of `files` has made room, the first
  /// one first.
  private func makingRoom<Result>(
    _ files: inout [String], _ lock: FileLock, _ body: () throws -> Result
  ) throws -> Result {
    while true {
      do {
        return try body()
      } catch let error as StoreError where error.isFull && !files.isEmpty {
        try lock.demandPlace()
        try ReleaseMarks.put(on: files.removeFirst(), in: folder)
      }
    }
  }

  // MARK: Decision

  private func decide(
    _ store: CheckpointStore, pins: CheckpointPins.Contents, isDryRun: Bool
  ) throws -> (outcome: Outcome, keys: Set<String>) {
    let records = store.manifest.stages.filter { $0.kind.changesModel && $0.file != nil }
    let tables = ConvertedTables(checkpoints: folder.checkpoints).all
    let tableBytes = tables.reduce(0) { $0 + ($1.isKept ? 0 : $1.bytes) }
    guard case .some(let policy) = keep else {
      let verdicts = records.map { Verdict(record: $0, reasons: ["all"]) }
      let outcome = Outcome(
        name: store.manifest.name, keep: keep, isDryRun: isDryRun, verdicts: verdicts,
        leftovers: [], tables: tables, bytes: tableBytes)
      return (outcome, [])
    }
    let chain = currentChain(store.manifest)
    let wanted = policy.kept(of: records, chain: chain)
    var protected = try protections(store, chain: chain, pins: pins)
    for record in records where wanted[record.key] != nil || protected[record.key] != nil {
      for base in store.bases(of: record) { protected[base.key, default: []].insert(.base) }
    }
    let verdicts = records.map { record in
      let reasons =
        Protection.allCases.filter { protected[record.key]?.contains($0) == true }.map(\.rawValue)
        + RetentionPolicy.Reason.allCases.filter {
          wanted[record.key]?.contains($0) == true
        }.map(\.rawValue)
      return Verdict(record: record, reasons: reasons)
    }
    let released = verdicts.filter { !$0.isKept }
    // What was set aside, and is still the result, may build on them.
    let keepsOldResult = FilePaths.linkTarget(folder.result).map(CheckpointName.isReplaced) == true
    let leftovers =
      keepsOldResult ? [] : try store.leftBehind().filter { !pins.hold($0.record) }
    let bytes =
      released.reduce(0) { sum, verdict in
        sum + FilePaths.bytesFreed(byRemoving: folder.file(verdict.record.file ?? ""))
      } + leftovers.reduce(0) { $0 + $1.bytes }
    let outcome = Outcome(
      name: store.manifest.name, keep: keep, isDryRun: isDryRun, verdicts: verdicts,
      leftovers: leftovers.map(\.name), tables: tables, bytes: bytes + tableBytes)
    return (outcome, Set(released.map(\.record.key)))
  }

  /// The keys of the current chain, the newest first; stages that were let go count too. It ends in
  /// what the plan goes on from; where that is not known, in the result, or in what a run that was
  /// killed before it moved the link has computed behind it.
  private func currentChain(_ manifest: Manifest) -> [String] {
    let records = manifest.recordsByKey
    let models = manifest.stages.filter(\.kind.changesModel)
    var head = walk(records)?.goesOnFrom.flatMap { records[$0.key] }
    if head == nil {
      head = resultRecord(manifest) ?? models.last { $0.file != nil }
      var seen: Set<String> = []
      while let current = head, seen.insert(current.key).inserted,
        let next = models.last(where: { $0.parent == current.key && $0.file != nil })
      {
        head = next
      }
    }
    var chain: [String] = []
    var visited: Set<String> = []
    while let record = head, visited.insert(record.key).inserted {
      chain.append(record.key)
      head = records[record.search?.source ?? record.parent]
    }
    return chain
  }

  private func resultRecord(_ manifest: Manifest) -> StageRecord? {
    guard let target = FilePaths.linkTarget(folder.result) else { return nil }
    return manifest.stages.last { $0.file == target }
  }

  private func protections(
    _ store: CheckpointStore, chain: [String], pins: CheckpointPins.Contents
  ) throws -> [String: Set<Protection>] {
    let records = store.manifest.recordsByKey
    var protected: [String: Set<Protection>] = [:]
    func protect(_ key: String?, _ reason: Protection) {
      if let key { protected[key, default: []].insert(reason) }
    }
    protect(resultRecord(store.manifest)?.key, .result)
    protect(chain.first, .resumable)
    let walk = walk(records)
    protect(walk?.goesOnFrom?.key, .resumable)
    for needed in walk?.needed() ?? [] { protect(needed.key, .resumable) }
    let progress = try? StoredCheckpoint.summary(of: folder.progress)
    protect(progress?.lineage["parent"]?.stringValue, .resumable)
    for record in store.manifest.stages {
      for reason in pins.reasons(toHold: record) { protect(record.key, Protection(reason)) }
    }
    protect(try lastVerified(store, chain: chain), .verified)
    return protected
  }

  /// What a run of the plan would do; nil without a plan.
  private func walk(_ records: [String: StageRecord]) -> Walk? {
    plan.map { Walk($0, records, in: folder) }
  }

  /// The newest checkpoint of the chain that is as it was written; nil where the chain has none at
  /// all.
  ///
  /// - Throws: `RunFailure.damaged` when there are some and none is sound: then nothing may go.
  private func lastVerified(_ store: CheckpointStore, chain: [String]) throws -> String? {
    let records = store.manifest.recordsByKey
    var damage: (any Error)?
    for key in chain {
      guard let record = records[key], record.file != nil else { continue }
      do {
        try store.check(record)
        return key
      } catch let error as RunFailure {
        damage = damage ?? error
      }
    }
    if let damage { throw damage }
    return nil
  }
}
