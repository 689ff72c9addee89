import Glibc
import ModelFiles
import NeuralNetworks
import Schedules
import Storage

/// Finished stages: committed, listed, noted, forgotten.
extension CheckpointStore {
  /// Begins to write the model of a finished stage down; `commit` puts it on disk.
  ///
  /// - Parameters:
  ///   - parent: the key of the stage before it.
  ///   - parentState: reads the model of that stage, where it is needed.
  /// - Throws: `CheckpointError` for a model that cannot be stored, and what `parentState` throws.
  package func seal(
    _ contents: CheckpointContents, parent: String, parentState: () throws -> ModelState?
  ) throws -> CheckpointSealing {
    CheckpointSealing(
      try CheckpointEncoder(contents, base: base(under: parent, parentState)), level: writing.level)
  }

  /// What the checkpoint behind that of the stage under `parent` tells its differences from; nil where
  /// it is to be whole.
  private func base(
    under parent: String, _ state: () throws -> ModelState?
  ) throws -> CheckpointBase? {
    guard writing.delta, let record = manifest.record(of: parent), record.isPresent(in: folder),
      let file = record.file,
      let identity = try? StoredCheckpoint.summary(of: folder.file(file)).identity,
      identity.chain < CheckpointBase.longestChain, let state = try state()
    else { return nil }
    return CheckpointBase(identity: identity, state: state)
  }

  /// Commits a finished stage with its model.
  ///
  /// - Parameter record: complete but for file, size, digest and base.
  /// - Returns: the record as committed.
  /// - Throws: `CheckpointError` for a model that cannot be stored, `StoreError`.
  package mutating func commit(
    _ record: StageRecord, position: Int, sealing: CheckpointSealing
  ) throws -> StageRecord {
    try demandLock()
    let bytes = try sealing.bytes()
    let name = CheckpointName.file(position: position, stage: record.name, key: record.key)
    let path = folder.file(name)
    // A checkpoint is never overwritten: what stands under its name is renamed first.
    if FilePaths.isTaken(path) { try replace(name) }
    try DurableFile.write(bytes, to: path)
    return try list(record, describedBy: bytes, file: name)
  }

  /// Lists a leaf.
  package mutating func list(_ record: StageRecord) throws { try update(.listed(record)) }

  /// Lists a checkpoint that is there, with the file's content.
  ///
  /// - Returns: the record as committed.
  package mutating func list(
    _ record: StageRecord, file: String, bytes: [UInt8]
  ) throws -> StageRecord {
    // Whoever wrote it may have been killed before this.
    try DurableFile.syncFolder(of: folder.file(file))
    return try list(record, describedBy: bytes, file: file)
  }

  /// Lists a checkpoint that is on disk.
  private mutating func list(
    _ record: StageRecord, describedBy bytes: [UInt8], file: String
  ) throws -> StageRecord {
    var record = record
    record.file = file
    record.bytes = bytes.count
    record.sha256 = Digest.sha256(bytes)
    record.base = try? CheckpointReader(folder: folder.path).summary(of: bytes).base?.key
    try list(record)
    return record
  }

  /// Renames the damaged file of `record` and forgets the record, so that the stage is computed anew.
  /// Of a trial that is decided the record stays, without the file: the search goes by its verdict.
  package mutating func setAside(_ record: StageRecord) throws {
    if let file = record.file { try setAside(file: file) }
    if record.verdict != nil { return try drop(keys: [record.key]) }
    try update { $0.stages.removeAll { $0.key == record.key } }
  }

  /// Takes the files of the stages under `keys` out of the manifest; the records stay.
  mutating func drop(keys: Set<String>) throws {
    try update { manifest in
      for key in keys { manifest.release(key) }
    }
  }

  /// Notes what layers take, before anything goes by it.
  package mutating func keep(_ times: InferenceTimes) throws {
    try update(.timed(times))
  }

  /// Notes whether the trial holds whose fine-tuning is the stage under `key`.
  package mutating func note(_ verdict: TrialVerdict, key: String) throws {
    try change(key) { $0.verdict = verdict }
  }

  /// Notes how the search ended that is the stage under `key`.
  package mutating func note(_ report: SearchReport, key: String) throws {
    try change(key) { $0.search = report }
  }

  private mutating func change(_ key: String, _ body: (inout StageRecord) -> Void) throws {
    guard var record = manifest.record(of: key) else { return }
    body(&record)
    if record != manifest.record(of: key) { try update(.amended(record)) }
  }

  /// Renames the damaged file `name`; one that is not there is fine.
  package func setAside(file name: String) throws(StoreError) {
    try rename(name, ending: DamagedFile.ending)
  }

  /// Forgets the stages under `keys` and renames their checkpoints, so that they are computed anew.
  ///
  /// A kill leaves all of them, or stages whose checkpoints were let go: their records keep those files from being
  /// taken up again, and none that is listed is missing.
  package mutating func forget(keys: [String]) throws {
    let forgotten = Set(keys)
    let endings = Set(keys.map(CheckpointName.ending(key:)))
    func isForgotten(_ name: String) -> Bool {
      CheckpointName.ending(of: name).map(endings.contains) == true
    }
    let result = FilePaths.linkTarget(folder.result)
    let kept = try result.flatMap { try isForgotten($0) && keepResult($0) ? $0 : nil }
    try drop(keys: forgotten)
    for name in FilePaths.entries(of: folder.path) where isForgotten(name) {
      if name == kept {
        try DurableFile.remove(folder.file(name))
        continue
      }
      let new = try rename(name, ending: CheckpointName.replaced)
      // Where the file system has no second names.
      if name == result, let new { try pointResult(at: FilePaths.name(of: new)) }
    }
    try update { manifest in manifest.stages.removeAll { forgotten.contains($0.key) } }
  }

  /// Renames a checkpoint that another one takes the place of.
  private func replace(_ name: String) throws(StoreError) {
    try rename(name, ending: CheckpointName.replaced)
  }

  /// Gives the checkpoint `name`, to which the result leads, a second name, under which it can be read until there is
  /// another one, and the link leads there.
  ///
  /// - Returns: whether the file is there, in a file system that has such names.
  private func keepResult(_ name: String) throws(StoreError) -> Bool {
    let path = folder.file(name)
    let new = folder.unusedPath(path + CheckpointName.replaced)
    guard link(path, new) == 0 else { return false }
    try pointResult(at: FilePaths.name(of: new))
    return true
  }

  // MARK: Progress inside a stage

  /// Saves where a long stage stands.
  ///
  /// - Returns: the file's size.
  /// - Throws: `CheckpointError` for a state that cannot be stored, `StoreError`.
  package func saveProgress(_ contents: CheckpointContents) throws -> Int {
    try demandLock()
    let bytes = try Checkpoint.encode(contents, level: 1, digest: { Digest.sha256($0) })
    try DurableFile.write(bytes, to: folder.progress)
    return bytes.count
  }

  /// Lets go of where a stage stood, once it is committed or its schedule has changed.
  package func removeProgress() throws(StoreError) { try DurableFile.remove(folder.progress) }
}
