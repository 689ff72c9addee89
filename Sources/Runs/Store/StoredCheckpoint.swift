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

  /// The same with the names of the classes.
  ///
  /// - Throws: `RunFailure.missing`, `.damaged` or `.invalid`.
  package static func summaryWithClasses(
    of path: String
  ) throws(RunFailure) -> (summary: CheckpointSummary, classes: [String]) {
    guard FilePaths.exists(path) else { throw missing(path) }
    do {
      return try CheckpointSummary.withClasses(path: path, digest: { Digest.sha256($0) })
    } catch {
      throw failure(path, error)
    }
  }

  /// Whether the file at `path` is meant to be a checkpoint, damaged or not, rather than another model's
  /// file or something else altogether; also what cannot be read, for what is said of it as one is why.
  package static func isMeant(_ path: String) -> Bool {
    // Of a checkpoint that is too large to be read the beginning would have been enough.
    if FilePaths.size(of: path) ?? 0 > MemoryAllowance.perFile { return false }
    guard let bytes = try? FilePaths.readIfThere(path) else { return true }
    return ModelFormats.isCheckpoint(bytes, path: path)
  }

  /// The whole checkpoint at `path`, verified. What it builds on lies beside it, not beside a link.
  ///
  /// - Throws: `RunFailure.missing`, `.damaged` or `.invalid`, `StoreError`.
  package static func contents(of path: String) throws -> CheckpointContents {
    // A run at work leads its link elsewhere, and renames what the file builds on.
    try SteadyLook(atFile: path).value {
      guard let bytes = try FilePaths.readIfThere(path) else { throw missing(path) }
      let folder = FilePaths.folder(of: FilePaths.real(path))
      do throws(CheckpointError) {
        return try CheckpointReader(folder: folder).contents(of: bytes)
      } catch {
        throw failure(path, error)
      }
    }
  }

  private static func missing(_ path: String) -> RunFailure {
    .missing(
      path: path, what: "name a run's folder, or a model's file: \(ModelFormats.names)")
  }

  private static func failure(_ path: String, _ error: CheckpointError) -> RunFailure {
    error.isDamage ? .damaged(file: path, reason: "\(error)") : .invalid("\(path): \(error)")
  }
}
