import Storage
import Synchronization

/// The keys of cells that have results, whoever measured them. Journals grow, and of each only what is new is
/// read.
///
/// A class, because the threads of a worker share it.
final class KnownCells: Sendable {
  private struct Seen {
    /// Bytes of whole lines, by the paths of journals.
    var bytes: [String: Int] = [:]
    var keys: Set<String> = []
  }

  private let folder: StudyFolder
  private let seen = Mutex(Seen())

  init(of folder: StudyFolder) { self.folder = folder }

  /// The keys as of now.
  ///
  /// - Throws: `StoreError`.
  func keys() throws(StoreError) -> Set<String> {
    try seen.withLock { (seen) throws(StoreError) in
      for path in folder.journals {
        let (bytes, lines) = try Self.lines(of: path, behind: seen.bytes[path] ?? 0)
        seen.bytes[path] = bytes
        seen.keys.formUnion(StudyJournal.results(in: lines).results.keys)
      }
      return seen.keys
    }
  }

  /// The whole lines of the file at `path` behind its first `known` bytes, and the bytes up to their end; all of
  /// a file that has become shorter.
  private static func lines(
    of path: String, behind known: Int
  ) throws(StoreError) -> (bytes: Int, lines: ArraySlice<UInt8>) {
    let file: OpenFile
    do {
      file = try OpenFile(path)
    } catch {
      if error.isMissing { return (0, []) }
      throw error
    }
    let start = known <= file.size ? known : 0
    let bytes = try file.bytes(start..<file.size)
    let whole = bytes[..<((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1)]
    return (start + whole.count, whole)
  }
}
