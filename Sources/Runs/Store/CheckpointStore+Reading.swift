import ModelFiles
import NeuralNetworks
import Storage

/// What is in a run's folder: its manifest, listed checkpoints and others, the saved progress.
extension CheckpointStore {
  /// The largest manifest that is read, and the longest journal.
  private static let largestManifest = 256 << 20

  /// The manifest of `folder`, with what its journal adds; nil when there is none.
  ///
  /// - Throws: `RunFailure.damaged` when it is not as it was written, `.invalid` when it has another
  ///   format; `StoreError`.
  package static func manifest(of folder: RunFolder) throws -> Manifest? {
    let (manifest, damage) = try soundManifest(of: folder)
    if let damage { throw RunFailure.damaged(file: damage.file, reason: damage.reason) }
    return manifest
  }

  /// The same as far as it is sound, and without the checkpoints that `ReleaseMarks` knows as gone: nil where `run.json` is damaged, without the changes behind the
  /// first damaged line where the journal is.
  ///
  /// - Throws: `RunFailure.invalid` for another format, `StoreError`.
  package static func soundManifest(
    of folder: RunFolder
  ) throws -> (manifest: Manifest?, damage: (file: String, reason: String)?) {
    // The journal first: one that is folded meanwhile is in the manifest that is read then.
    let journal = try FilePaths.readIfThere(folder.journal, limit: largestManifest)
    guard let bytes = try FilePaths.readIfThere(folder.manifest, limit: largestManifest) else {
      return (nil, nil)
    }
    var manifest: Manifest
    do throws(ManifestError) {
      manifest = try Manifest(bytes: bytes)
    } catch {
      guard case .damaged(let reason) = error else {
        throw RunFailure.invalid("\(folder.manifest): \(error)")
      }
      return (nil, (folder.manifest, reason))
    }
    var damage: (file: String, reason: String)?
    if let journal {
      do {
        try ManifestJournal.replay(journal, behind: Manifest.digest(of: bytes), in: &manifest)
      } catch {
        damage = (folder.journal, "\(error)")
      }
    }
    ReleaseMarks(in: folder).apply(to: &manifest)
    return (manifest, damage)
  }

  // MARK: Listed checkpoints

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

  /// Where an interrupted stage stands; nil when none was.
  ///
  /// - Throws: `RunFailure.damaged`, `StoreError`.
  package func progress() throws -> CheckpointContents? {
    guard let bytes = try FilePaths.readIfThere(folder.progress) else { return nil }
    return try decode(bytes, from: folder.progress)
  }

  private func decode(
    _ bytes: [UInt8], from path: String
  ) throws(RunFailure) -> CheckpointContents {
    do throws(CheckpointError) {
      return try CheckpointReader(folder: folder.path) { manifest.record(of: $0)?.file }
        .contents(of: bytes)
    } catch .memory(let shortage) {
      // Nothing is wrong with the file, which stays.
      throw .invalid("\(path): \(CheckpointError.memory(shortage))")
    } catch {
      throw .damaged(file: path, reason: "\(error)")
    }
  }
}
