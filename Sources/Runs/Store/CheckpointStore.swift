import ModelFiles
import NeuralNetworks
import Pipeline
import Schedules
import Storage

/// The one place that changes files of a run's folder: stages are committed here, and nothing else
/// writes there but the log of events.
///
/// Order of a commit: the checkpoint (written, synced, renamed, folder synced), then the manifest the
/// same way, then the link to the result, then the progress file goes. A kill between any two leaves
/// a folder from which the same run goes on.
package struct CheckpointStore {
  package let folder: RunFolder
  /// What the folder holds, as last committed.
  package private(set) var manifest: Manifest
  /// How new checkpoints are written.
  private let writing: CheckpointWriting

  /// Makes the folder of a new run.
  package init(
    creating folder: RunFolder, manifest: Manifest, writing: CheckpointWriting
  ) throws(StoreError) {
    self.folder = folder
    self.manifest = manifest
    self.writing = writing
    try FilePaths.makeFolders(folder.path)
    try removeLeftovers()
    try DurableFile.write(manifest.bytes, to: folder.manifest)
  }

  /// Opens an existing run for writing.
  package init(
    opening folder: RunFolder, manifest: Manifest, writing: CheckpointWriting
  ) throws(StoreError) {
    self.folder = folder
    self.manifest = manifest
    self.writing = writing
    try removeLeftovers()
  }

  /// Looks at an existing run without changing anything: what writes must not be called.
  package init(reading folder: RunFolder, manifest: Manifest) {
    self.folder = folder
    self.manifest = manifest
    writing = .standard
  }

  /// Reads the manifest of `folder`; nil when there is none.
  ///
  /// - Throws: `RunFailure.damaged` when it is not as it was written, `.invalid` when it has another
  ///   format; `StoreError`.
  package static func manifest(of folder: RunFolder) throws -> Manifest? {
    guard let bytes = try FilePaths.readIfThere(folder.manifest, limit: 256 << 20) else {
      return nil
    }
    do {
      return try Manifest(bytes: bytes)
    } catch ManifestError.damaged(let reason) {
      throw RunFailure.damaged(file: folder.manifest, reason: reason)
    } catch {
      throw RunFailure.invalid("\(folder.manifest): \(error)")
    }
  }

  /// Changes the manifest, on disk first.
  package mutating func update(_ change: (inout Manifest) -> Void) throws(StoreError) {
    var changed = manifest
    change(&changed)
    if changed == manifest { return }
    try DurableFile.write(changed.bytes, to: folder.manifest)
    manifest = changed
  }

  /// Writes the schedule as it was given, if it changed.
  package func saveSchedule(_ bytes: [UInt8]) throws(StoreError) {
    if let present = try? FilePaths.read(folder.schedule), present == bytes { return }
    try DurableFile.write(bytes, to: folder.schedule)
  }

  // MARK: Stages

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
    guard writing.delta, let record = manifest.record(of: parent), hasFile(of: record),
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
    let bytes = try sealing.bytes()
    let name = CheckpointName.file(position: position, stage: record.name, key: record.key)
    let path = folder.file(name)
    // A checkpoint is never overwritten: what stands under its name is renamed first.
    if FilePaths.isTaken(path) { try replace(name) }
    try DurableFile.write(bytes, to: path)
    return try list(record, file: name, bytes: bytes)
  }

  /// Lists a leaf.
  package mutating func list(_ record: StageRecord) throws(StoreError) {
    try update { manifest in
      manifest.stages.removeAll { $0.key == record.key }
      manifest.stages.append(record)
    }
  }

  /// Lists a checkpoint that is there, with the file's content.
  ///
  /// - Returns: the record as committed.
  package mutating func list(
    _ record: StageRecord, file: String, bytes: [UInt8]
  ) throws(StoreError) -> StageRecord {
    var record = record
    record.file = file
    record.bytes = bytes.count
    record.sha256 = Digest.sha256(bytes)
    record.base = try? CheckpointReader(folder: folder.path).summary(of: bytes).base?.key
    try DurableFile.syncFolder(of: folder.file(file))
    try list(record)
    return record
  }

  /// Points `result.safetensors` at the checkpoint `name`, unless it is there already.
  package func pointResult(at name: String) throws(StoreError) {
    if FilePaths.linkTarget(folder.result) == name { return }
    try DurableFile.link(folder.result, to: name)
  }

  /// Whether the file of `record` is there with the recorded size.
  package func hasFile(of record: StageRecord) -> Bool { record.isPresent(in: folder) }

  /// The bytes of the checkpoint of `record`, compared with their digest.
  ///
  /// - Throws: `RunFailure.damaged`, `StoreError`.
  package func bytes(of record: StageRecord) throws -> [UInt8] {
    guard let file = record.file, let size = record.bytes else {
      throw RunFailure.invalid("stage \(record.name) has no checkpoint")
    }
    let path = folder.file(file)
    guard let present = FilePaths.size(of: path) else {
      throw RunFailure.damaged(file: path, reason: "the file is gone")
    }
    guard present == size else {
      throw RunFailure.damaged(file: path, reason: "it has \(present) bytes instead of \(size)")
    }
    let bytes = try FilePaths.read(path)
    guard Digest.sha256(bytes) == record.sha256 else {
      throw RunFailure.damaged(file: path, reason: "its SHA-256 is not the recorded one")
    }
    return bytes
  }

  /// Checks what has to be read to go on from `record`: its file, and those that it builds on.
  ///
  /// - Throws: `RunFailure.damaged`, `StoreError`.
  package func check(_ record: StageRecord) throws {
    _ = try bytes(of: record)
    for below in bases(of: record) { _ = try bytes(of: below) }
    if let base = missingBase(of: record) {
      throw RunFailure.damaged(
        file: folder.file(record.file ?? ""), reason: "\(CheckpointError.missingBase(key: base))")
    }
  }

  /// The records of the checkpoints that have to be read before that of `record`, as far as they are
  /// listed, the nearest first.
  package func bases(of record: StageRecord) -> [StageRecord] {
    var bases: [StageRecord] = []
    var key = record.base
    while let base = key.flatMap({ manifest.record(of: $0) }),
      bases.count < CheckpointBase.longestChain
    {
      bases.append(base)
      key = base.base
    }
    return bases
  }

  /// The key of a checkpoint that `record` builds on, directly or not, and that is not listed; nil
  /// where all are.
  package func missingBase(of record: StageRecord) -> String? {
    let last = bases(of: record).last ?? record
    guard let base = last.base else { return bases(of: record).first { $0.file == nil }?.key }
    return base
  }

  /// The model that the stage of `record` ended in.
  ///
  /// - Throws: `RunFailure.damaged`, `StoreError`.
  package func contents(of record: StageRecord) throws -> CheckpointContents {
    try decode(bytes(of: record), from: folder.file(record.file ?? ""))
  }

  /// Renames the damaged file of `record` and forgets the record, so that the stage is computed anew.
  /// Of a trial that is decided the record stays, without the file: the search goes by its verdict.
  package mutating func setAside(_ record: StageRecord) throws(StoreError) {
    if let file = record.file { try setAside(file: file) }
    if record.verdict != nil { return try drop(keys: [record.key]) }
    try update { $0.stages.removeAll { $0.key == record.key } }
  }

  /// Takes the files of the stages under `keys` out of the manifest; the records stay.
  mutating func drop(keys: Set<String>) throws(StoreError) {
    try update { manifest in
      for index in manifest.stages.indices where keys.contains(manifest.stages[index].key) {
        manifest.stages[index].file = nil
        manifest.stages[index].bytes = nil
      }
    }
  }

  /// Notes what layers take, before anything goes by it.
  package mutating func keep(_ times: InferenceTimes) throws(StoreError) {
    try update { $0.times.append(times) }
  }

  /// Notes whether the trial holds whose fine-tuning is the stage under `key`.
  package mutating func note(_ verdict: TrialVerdict, key: String) throws(StoreError) {
    try change(key) { $0.verdict = verdict }
  }

  /// Notes how the search ended that is the stage under `key`.
  package mutating func note(_ report: SearchReport, key: String) throws(StoreError) {
    try change(key) { $0.search = report }
  }

  private mutating func change(
    _ key: String, _ body: (inout StageRecord) -> Void
  ) throws(StoreError) {
    try update { manifest in
      for index in manifest.stages.indices where manifest.stages[index].key == key {
        body(&manifest.stages[index])
      }
    }
  }

  /// Renames the damaged file `name`; one that is not there is fine.
  package func setAside(file name: String) throws(StoreError) {
    try rename(name, ending: ".damaged")
  }

  /// Forgets the stages under `keys` and renames their checkpoints, so that they are computed anew.
  package mutating func forget(keys: [String]) throws(StoreError) {
    // Out of the way first, so that no kill in between lets them be taken up again.
    let endings = Set(keys.map(CheckpointName.ending(key:)))
    for name in FilePaths.entries(of: folder.path) {
      if let ending = CheckpointName.ending(of: name), endings.contains(ending) {
        try replace(name)
      }
    }
    let forgotten = Set(keys)
    try update { manifest in manifest.stages.removeAll { forgotten.contains($0.key) } }
  }

  // MARK: Checkpoints that no record lists

  /// Files that look like checkpoints and that no record lists, by the ending that their keys give
  /// them; those of one ending are sorted.
  package func unlistedFiles() -> [String: [String]] {
    let listed = Set(manifest.stages.compactMap(\.file))
    var files: [String: [String]] = [:]
    for name in FilePaths.entries(of: folder.path) where !listed.contains(name) {
      if let ending = CheckpointName.ending(of: name) {
        files[ending, default: []].append(name)
      }
    }
    return files
  }

  /// The checkpoint in the file `name`, whatever the manifest says.
  ///
  /// - Throws: `RunFailure.damaged`, `StoreError`.
  package func unlisted(
    _ name: String
  ) throws -> (bytes: [UInt8], contents: CheckpointContents) {
    let path = folder.file(name)
    guard FilePaths.size(of: path) != nil else {
      throw RunFailure.damaged(file: path, reason: "it is no regular file")
    }
    let bytes = try FilePaths.read(path)
    return (bytes, try decode(bytes, from: path))
  }

  // MARK: Progress inside a stage

  /// Saves where a long stage stands.
  ///
  /// - Returns: the file's size.
  /// - Throws: `CheckpointError` for a state that cannot be stored, `StoreError`.
  package func saveProgress(_ contents: CheckpointContents) throws -> Int {
    let bytes = try Checkpoint.encode(contents, level: 1, digest: { Digest.sha256($0) })
    try DurableFile.write(bytes, to: folder.progress)
    return bytes.count
  }

  /// Where an interrupted stage stands; nil when none was.
  ///
  /// - Throws: `RunFailure.damaged`, `StoreError`.
  package func progress() throws -> CheckpointContents? {
    guard let bytes = try FilePaths.readIfThere(folder.progress) else { return nil }
    return try decode(bytes, from: folder.progress)
  }

  package func removeProgress() throws(StoreError) { try DurableFile.remove(folder.progress) }

  // MARK: Files

  private func decode(
    _ bytes: [UInt8], from path: String
  ) throws(RunFailure) -> CheckpointContents {
    do {
      return try CheckpointReader(folder: folder.path).contents(of: bytes)
    } catch {
      throw .damaged(file: path, reason: "\(error)")
    }
  }

  /// Renames a checkpoint that another one takes the place of.
  private func replace(_ name: String) throws(StoreError) {
    try rename(name, ending: ".replaced")
  }

  private func rename(_ name: String, ending: String) throws(StoreError) {
    let path = folder.file(name)
    if FilePaths.isTaken(path) { try DurableFile.move(path, to: folder.unusedPath(path + ending)) }
  }

  /// Removes files that a dead run left half-written.
  private func removeLeftovers() throws(StoreError) {
    for name in FilePaths.entries(of: folder.path) where name.hasSuffix(DurableFile.partialSuffix) {
      let path = folder.file(name)
      if FilePaths.linkTarget(path) != nil || !FilePaths.isFolder(path) {
        try DurableFile.remove(path)
      }
    }
  }
}
