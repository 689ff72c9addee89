import Runs
import Storage

/// How a nightly job stands.
package struct JobStatus: Sendable {
  package let folder: NightlyFolder
  /// Whether a process has its lock.
  package let isRunning: Bool
  /// The night in service; nil for none.
  package let champion: String?
  /// The night that is not decided on; nil for none.
  package let open: String?
  package let last: Decision?
  /// How the link to the network in service stands to the decisions.
  package let standing: Standing
  /// Nights that have a folder.
  package let nights: Int
  /// Decisions, of nights that were let go as well.
  package let decisions: Int

  /// - Throws: `StoreError`.
  package init(_ folder: NightlyFolder) throws(StoreError) {
    // Before and after: a night may begin, or end, while this reads.
    let wasRunning = FileLock.isHeld(path: folder.lock)
    let history = try NightHistory(folder)
    self.folder = folder
    isRunning = wasRunning || FileLock.isHeld(path: folder.lock)
    champion = history.champion
    open = NightHistory.open(among: history.nights, history.decisions)
    last = history.decisions.last
    standing = history.standing
    nights = history.nights.count
    decisions = history.decisions.count
  }

  /// running, interrupted, or how the last decision fell; new before there is any.
  package var summary: String {
    if isRunning { return "running" }
    if open != nil { return "interrupted" }
    return last?.outcome.rawValue ?? "new"
  }
}
