import ModelFiles
import Schedules
import Storage

/// A checkpoint computed again beside the recorded one.
struct ReplayComparison {
  /// The file's bytes as they come out now.
  let bytes: [UInt8]
  let sha256: String
  /// Whether the stored file is as it was written.
  let isStoredSound: Bool
  /// What is not as recorded, each a clause; empty where the bits are the same.
  let differences: [String]

  /// - Parameter recorded: the SHA-256 in `record`.
  /// - Throws: `RunFailure.failed` for a model that cannot be stored, `StoreError`.
  init(
    _ contents: CheckpointContents, record: StageRecord, recorded: String, _ store: CheckpointStore
  ) throws {
    let stored: CheckpointSummary?
    var absence: String?
    do {
      stored = record.file == nil ? nil : try Self.summary(of: store.bytes(of: record))
      if stored == nil { absence = "its checkpoint was let go" }
    } catch RunFailure.damaged(let file, let reason) {
      absence = "its checkpoint is damaged (\(reason))"
      // A header that is sound still says what the entries were.
      stored = try? StoredCheckpoint.summary(of: file)
    }
    isStoredSound = absence == nil
    let asked = store.manifest.schedule["checkpoints"]?["level"]?.intValue
    let level =
      asked.flatMap { CheckpointSettings.levels.contains($0) ? $0 : nil }
      ?? CheckpointSettings.standardLevel
    let base = try Self.base(of: record, store)
    var bytes = try Self.encode(contents, base: base, level: level, stage: record.name)
    let own = try Self.summary(of: bytes)
    var differences = stored.map { Self.differences(from: $0, to: own) } ?? []
    // Another level than that of today changes the bytes, not what is in them.
    if Digest.sha256(bytes) != recorded, differences.isEmpty {
      for other in CheckpointSettings.levels where other != level {
        let candidate = try Self.encode(
          contents, base: base, level: other, stage: record.name)
        if Digest.sha256(candidate) == recorded {
          bytes = candidate
          break
        }
      }
    }
    sha256 = Digest.sha256(bytes)
    self.bytes = bytes
    if sha256 != recorded, differences.isEmpty {
      let values = stored == nil ? "what differs is not known" : "the values are the same"
      differences = [absence.map { "\($0); \(values)" } ?? "\(values), their form is not"]
    }
    self.differences = sha256 == recorded ? [] : differences
  }

  /// Entries, counts and circumstances that differ.
  private static func differences(
    from stored: CheckpointSummary, to own: CheckpointSummary
  ) -> [String] {
    let before = Dictionary(
      stored.entries.map { ($0.form.name, $0.digest) }, uniquingKeysWith: { $1 })
    let now = Dictionary(own.entries.map { ($0.form.name, $0.digest) }, uniquingKeysWith: { $1 })
    let names = Set(before.keys).union(now.keys).sorted().filter { before[$0] != now[$0] }
    var clauses: [String] = []
    if !names.isEmpty { clauses.append("other entries: " + names.joined(separator: ", ")) }
    let circumstances = JSONDifference.all(from: stored.fingerprint, to: own.fingerprint)
    if !circumstances.isEmpty {
      clauses.append(
        (names.isEmpty ? "the values are the same, but it" : "it")
          + " was made with another processor, library or engine ("
          + circumstances.map(\.description).joined(separator: "; ") + ")")
    }
    let origin = JSONDifference.all(from: stored.lineage, to: own.lineage)
    if !origin.isEmpty {
      clauses.append("other lineage: " + origin.map(\.description).joined(separator: "; "))
    }
    return clauses
  }

  /// What the recorded checkpoint tells its differences from; nil for a whole one.
  ///
  /// - Throws: `RunFailure.failed` where that cannot be read.
  private static func base(
    of record: StageRecord, _ store: CheckpointStore
  ) throws -> CheckpointBase? {
    guard let key = record.base else { return nil }
    let below = store.manifest.record(of: key)
    do {
      if let below, below.file != nil,
        let identity = try Self.summary(of: store.bytes(of: below)).identity
      {
        return CheckpointBase(identity: identity, state: try store.contents(of: below).state)
      }
    } catch is RunFailure {}
    let name = below?.name ?? "of key \(key.prefix(8))"
    throw RunFailure.failed(
      stage: record.name,
      reason: "its checkpoint tells only what has changed since that of stage \(name), which is "
        + "missing or damaged; put that back first: ecpipe replay \(name) "
        + "\(store.folder.name) --restore")
  }

  private static func encode(
    _ contents: CheckpointContents, base: CheckpointBase?, level: Int, stage: String
  ) throws(RunFailure) -> [UInt8] {
    do {
      return try Checkpoint.encode(
        contents, base: base, level: level, digest: { Digest.sha256($0) })
    } catch {
      throw .failed(stage: stage, reason: "\(error)")
    }
  }

  private static func summary(of bytes: [UInt8]) throws -> CheckpointSummary {
    try CheckpointSummary(
      fileStart: bytes, fileSize: bytes.count, digest: { Digest.sha256($0) })
  }
}
