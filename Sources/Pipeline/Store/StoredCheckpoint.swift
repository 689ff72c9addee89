import Glibc
import ModelFiles
import Storage

/// Checkpoints as files named by somebody on a command line.
package enum StoredCheckpoint {
  /// What the header of the checkpoint at `path` says; its entries are not read.
  ///
  /// - Throws: `RunFailure.missing`, `.damaged` or `.invalid`.
  package static func summary(of path: String) throws(RunFailure) -> CheckpointSummary {
    guard FilePaths.exists(path) else { throw missing(path) }
    do {
      return try CheckpointSummary(path: path, digest: { Digest.sha256($0) })
    } catch {
      throw failure(path, error)
    }
  }

  /// The whole checkpoint at `path`, verified.
  ///
  /// - Throws: `RunFailure.missing`, `.damaged` or `.invalid`, `StoreError`.
  package static func contents(of path: String) throws -> CheckpointContents {
    guard let bytes = try FilePaths.readIfThere(path) else { throw missing(path) }
    do {
      return try CheckpointReader(folder: FilePaths.folder(of: real(path))).contents(of: bytes)
    } catch {
      throw failure(path, error)
    }
  }

  /// `path` at the end of all links: what a file builds on lies beside it, not beside a link to it.
  private static func real(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }

  private static func missing(_ path: String) -> RunFailure {
    .missing(
      path: path, what: "name a checkpoint (a .safetensors file of a run) or a run's folder")
  }

  /// A file of another kind or of a newer format is the caller's mistake; anything else is damage.
  private static func failure(_ path: String, _ error: CheckpointError) -> RunFailure {
    switch error {
    case .notACheckpoint, .newerFormat, .olderFormat, .unreadable: .invalid("\(path): \(error)")
    default: .damaged(file: path, reason: "\(error)")
    }
  }
}
