import Glibc
import ModelFiles
import NumericCore
import Storage
import Synchronization

/// A checkpoint whose entries are compressed on other threads while this one computes on.
///
/// Nothing here touches the disk: the bytes are written by the thread that commits. They do not depend
/// on how many threads there are, because entries are split by size alone.
package final class CheckpointSealing: Sendable {
  // A class, because other threads hand their results in here.
  private let encoder: CheckpointEncoder
  private let sealed: SealedEntries
  private let tasks: BackgroundTasks

  /// Starts to compress what `encoder` has planned.
  ///
  /// - Parameter level: one of `Zstd.levels`.
  init(_ encoder: CheckpointEncoder, level: Int) {
    self.encoder = encoder
    let sealed = SealedEntries(count: encoder.entries.count)
    self.sealed = sealed
    let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    tasks = BackgroundTasks(count: encoder.entries.count, threads: processors) { index in
      let result = Result { () throws(CheckpointError) in
        try encoder.entries[index].sealed(level: level, digest: { Digest.sha256($0) })
      }
      sealed.results.withLock { $0[index] = result }
    }
  }

  /// What the file tells its differences from; nil for a whole one.
  package var base: CheckpointIdentity? { encoder.base }

  /// Whether `bytes` would answer at once.
  package var isDone: Bool { tasks.isDone }

  /// The file, as soon as all its entries are compressed.
  ///
  /// - Throws: `CheckpointError` for contents that no decoder would take.
  package func bytes() throws(CheckpointError) -> [UInt8] {
    tasks.finish()
    let entries = try sealed.results.withLock { $0 }.map { result throws(CheckpointError) in
      guard let result else { preconditionFailure("all entries are done") }
      return try result.get()
    }
    return try encoder.file(of: entries, digest: { Digest.sha256($0) })
  }
}

/// What the threads hand in.
private final class SealedEntries: Sendable {
  // A class, because the threads share it.
  let results: Mutex<[Result<SealedEntry, CheckpointError>?]>

  init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }
}
