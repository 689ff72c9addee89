import Dispatch
import ModelFiles
import Storage
import Synchronization

/// A checkpoint whose entries are compressed on other threads while this one computes on.
///
/// Nothing here touches the disk: the bytes are written by the thread that commits. They do not depend
/// on how many threads there are, because entries are split by size alone.
package final class CheckpointSealing: Sendable {
  // A class, because other threads hand their results in here.
  private let encoder: CheckpointEncoder
  private let group = DispatchGroup()
  private let results: Mutex<[Result<SealedEntry, CheckpointError>?]>

  /// Starts to compress what `encoder` has planned.
  ///
  /// - Parameter level: one of `Zstd.levels`.
  init(_ encoder: CheckpointEncoder, level: Int) {
    self.encoder = encoder
    results = Mutex(Array(repeating: nil, count: encoder.entries.count))
    let queue = DispatchQueue.global()
    for (index, entry) in encoder.entries.enumerated() {
      queue.async(group: group) { [self] in
        let result = Result { () throws(CheckpointError) in
          try entry.sealed(level: level, digest: { Digest.sha256($0) })
        }
        results.withLock { $0[index] = result }
      }
    }
  }

  /// What the file tells its differences from; nil for a whole one.
  package var base: CheckpointIdentity? { encoder.base }

  /// Whether `bytes` would answer at once.
  package var isDone: Bool { group.wait(timeout: .now()) == .success }

  /// The file, as soon as all its entries are compressed.
  ///
  /// - Throws: `CheckpointError` for contents that no decoder would take.
  package func bytes() throws(CheckpointError) -> [UInt8] {
    group.wait()
    var sealed: [SealedEntry] = []
    for result in results.withLock({ $0 }) {
      guard let result else { preconditionFailure("all entries are done") }
      sealed.append(try result.get())
    }
    return try encoder.file(of: sealed, digest: { Digest.sha256($0) })
  }
}
