import Formats
import NeuralNetworks

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
  /// zstd level of new checkpoints.
  private let level: Int

  /// Makes the folder of a new run.
  package init(creating folder: RunFolder, manifest: Manifest, level: Int) throws(StoreError) {
    self.folder = folder
    self.manifest = manifest
    self.level = level
    try FilePaths.makeFolders(folder.path)
    try removeLeftovers()
    try writeManifest()
  }

  /// Opens an existing run for writing.
  package init(opening folder: RunFolder, manifest: Manifest, level: Int) throws(StoreError) {
    self.folder = folder
    self.manifest = manifest
    self.level = level
    try removeLeftovers()
  }

  /// Reads the manifest of `folder`; nil when there is none.
  ///
  /// - Throws: `StoreError`, or `ManifestError` when it is not as it was written.
  package static func manifest(of folder: RunFolder) throws -> Manifest? {
    guard FilePaths.exists(folder.manifest) else { return nil }
    return try Manifest(bytes: FilePaths.read(folder.manifest, limit: 256 << 20))
  }

  /// Changes what the manifest says beside its stages.
  package mutating func update(_ change: (inout Manifest) -> Void) throws(StoreError) {
    var changed = manifest
    change(&changed)
    if changed == manifest { return }
    manifest = changed
    try writeManifest()
  }

  /// Writes the schedule as it was given, if it changed.
  package func saveSchedule(_ bytes: [UInt8]) throws(StoreError) {
    if let present = try? FilePaths.read(folder.schedule), present == bytes { return }
    try DurableFile.write(bytes, to: folder.schedule)
  }

  // MARK: Stages

  /// Commits a finished stage with its model.
  ///
  /// - Parameter record: complete but for file, size and digest.
  /// - Returns: the record as committed.
  package mutating func commit(
    _ record: StageRecord, position: Int, contents: CheckpointContents
  ) throws -> StageRecord {
    let bytes = try Checkpoint.encode(contents, level: level, digest: { Digest.sha256($0) })
    var record = record
    let name = RunFolder.checkpointName(position: position, stage: record.name, key: record.key)
    record.file = name
    record.bytes = bytes.count
    record.sha256 = Digest.sha256(bytes)
    try setAsideUnequal(name, to: bytes)
    try DurableFile.write(bytes, to: folder.file(name))
    try list(record)
    try pointResult(at: name)
    try removeProgress()
    return record
  }

  /// Lists a leaf, or a checkpoint that is there already.
  package mutating func list(_ record: StageRecord) throws(StoreError) {
    manifest.stages.removeAll { $0.key == record.key }
    manifest.stages.append(record)
    try writeManifest()
  }

  /// Forgets the record under `key`; its file stays.
  package mutating func forget(key: String) throws(StoreError) {
    manifest.stages.removeAll { $0.key == key }
    try writeManifest()
  }

  /// Points `result.safetensors` at the checkpoint `name`.
  package func pointResult(at name: String) throws(StoreError) {
    try DurableFile.link(folder.result, to: name)
  }

  /// Whether the file of `record` is there with the recorded size.
  package func hasFile(of record: StageRecord) -> Bool {
    guard let file = record.file else { return false }
    return FilePaths.size(of: folder.file(file)) == record.bytes
  }

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

  /// The model that the stage of `record` ended in.
  package func contents(of record: StageRecord) throws -> CheckpointContents {
    let bytes = try bytes(of: record)
    do {
      return try Checkpoint.decode(bytes, digest: { Digest.sha256($0) })
    } catch {
      throw RunFailure.damaged(file: folder.file(record.file ?? ""), reason: "\(error)")
    }
  }

  /// Renames the damaged file of `record` and forgets the record, so that the stage is computed anew.
  package mutating func setAside(_ record: StageRecord) throws(StoreError) {
    if let file = record.file, FilePaths.exists(folder.file(file)) {
      try DurableFile.move(folder.file(file), to: folder.unusedPath(folder.file(file) + ".damaged"))
    }
    try forget(key: record.key)
  }

  // MARK: Progress inside a stage

  /// Saves where a long stage stands.
  ///
  /// - Returns: the file's size.
  package func saveProgress(_ contents: CheckpointContents) throws -> Int {
    let bytes = try Checkpoint.encode(contents, level: 1, digest: { Digest.sha256($0) })
    try DurableFile.write(bytes, to: folder.progress)
    return bytes.count
  }

  /// Where an interrupted stage stands; nil when none was. A progress file that cannot be used is
  /// renamed and counts as none.
  package func progress() throws -> CheckpointContents? {
    guard FilePaths.exists(folder.progress) else { return nil }
    let bytes = try FilePaths.read(folder.progress)
    do {
      return try Checkpoint.decode(bytes, digest: { Digest.sha256($0) })
    } catch {
      try DurableFile.move(folder.progress, to: folder.unusedPath(folder.progress + ".damaged"))
      return nil
    }
  }

  package func removeProgress() throws(StoreError) { try DurableFile.remove(folder.progress) }

  // MARK: Files

  private func writeManifest() throws(StoreError) {
    try DurableFile.write(manifest.bytes, to: folder.manifest)
  }

  /// Removes files that a dead run left half-written.
  private func removeLeftovers() throws(StoreError) {
    for name in FilePaths.entries(of: folder.path) where name.hasSuffix(DurableFile.partialSuffix) {
      try DurableFile.remove(folder.file(name))
    }
  }

  /// A checkpoint is never overwritten: another content under the same name is renamed first.
  private func setAsideUnequal(_ name: String, to bytes: [UInt8]) throws(StoreError) {
    let path = folder.file(name)
    guard FilePaths.exists(path) else { return }
    if let present = try? FilePaths.read(path), present == bytes { return }
    try DurableFile.move(path, to: folder.unusedPath(path + ".replaced"))
  }
}
