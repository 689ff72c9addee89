import ModelFiles
import Schedules
import Storage

/// Letting checkpoints go, and putting them back. The record of a stage stays either way, with the
/// SHA-256 that its checkpoint had.
extension CheckpointStore {
  /// Lets the checkpoints under `keys` go. The manifest no longer lists them before the first file
  /// goes, so that after a kill in between nothing that is listed is missing; what was left over by
  /// one is found by `leftBehind`.
  package mutating func release(keys: Set<String>) throws {
    let released = manifest.stages.filter { keys.contains($0.key) }.compactMap(\.file)
    try drop(keys: keys)
    try remove(released)
  }

  /// Removes those of `files` that no stage lists.
  func remove(_ files: [String]) throws(StoreError) {
    let listed = Set(manifest.stages.compactMap(\.file))
    for name in files where !listed.contains(name) {
      try DurableFile.remove(folder.file(name))
    }
  }

  /// Checkpoints that were let go by a `release` that was killed before it had removed them, by name;
  /// their bytes are compared with the records.
  package func leftBehind() throws(StoreError) -> [(name: String, record: StageRecord, bytes: Int)]
  {
    let files = unlistedFiles()
    var found: [(name: String, record: StageRecord, bytes: Int)] = []
    for record in manifest.stages where record.isReleased {
      for name in files[CheckpointName.ending(key: record.key)] ?? [] {
        let path = folder.file(name)
        guard let size = FilePaths.size(of: path), let bytes = try FilePaths.readIfThere(path),
          Digest.sha256(bytes) == record.sha256
        else { continue }
        found.append((name, record, size))
      }
    }
    return found
  }

  /// Puts the checkpoint of `record` back, whose file is missing, damaged or was let go. What stands
  /// in its place is renamed first.
  ///
  /// - Parameters:
  ///   - position: of the stage in the plan, for the name of a file that was let go.
  ///   - bytes: with the SHA-256 of the record.
  /// - Returns: the name of the file.
  package mutating func restore(
    _ record: StageRecord, position: Int, bytes: [UInt8]
  ) throws -> String {
    precondition(Digest.sha256(bytes) == record.sha256, "only the very bytes are put back")
    let name =
      record.file
      ?? CheckpointName.file(position: position, stage: record.name, key: record.key)
    let path = folder.file(name)
    // The very bytes stand there where a restoration was killed before it listed them.
    let isThere = FilePaths.size(of: path) == bytes.count && (try? FilePaths.read(path)) == bytes
    if isThere {
      try DurableFile.syncFolder(of: path)
    } else {
      if FilePaths.isTaken(path) { try setAside(file: name) }
      try DurableFile.write(bytes, to: path)
    }
    try update { manifest in
      guard var record = manifest.record(of: record.key) else { return }
      record.file = name
      record.bytes = bytes.count
      manifest.apply(.amended(record))
    }
    return name
  }
}

extension StageRecord {
  /// Whether the stage had a checkpoint that was let go.
  package var isReleased: Bool { kind.changesModel && file == nil && sha256 != nil }
}
