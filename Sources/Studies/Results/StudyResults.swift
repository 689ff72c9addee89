import Storage

/// All results of a study that are on disk: of the process that had it alone, and of workers that share it.
package struct StudyResults: Sendable {
  /// By the keys of cells. Where several have measured one, the numbers are the same but for seconds; the first
  /// in a fixed order of journals counts.
  package private(set) var results: [String: StudyResult] = [:]
  /// Damaged lines by the paths of the journals that have them.
  package private(set) var damaged: [(path: String, lines: Int)] = []
  /// Bytes of all journals.
  package private(set) var bytes = 0

  /// Reads the journals in `folder`.
  ///
  /// - Throws: `StoreError`.
  package init(of folder: StudyFolder) throws(StoreError) {
    for path in folder.journals {
      let (own, lines) = try StudyJournal(path: path).read()
      results.merge(own) { first, _ in first }
      if lines > 0 { damaged.append((path, lines)) }
      bytes += FilePaths.size(of: path) ?? 0
    }
  }
}
