import Runs
import Schedules
import Storage

/// Nights that come to nothing are decisions too.
extension NightSession {
  /// Records that tonight did not begin; the caller has the lock.
  ///
  /// - Throws: `StoreError`.
  package func record(failure reason: String) throws(StoreError) {
    try Self.record(
      failure: Secrets(settings).hidden(in: reason), in: folder, now: options.surroundings.now())
  }

  /// Records that tonight did not begin because of its schedule, where the job that it names has its folder
  /// and no night goes on there.
  ///
  /// - Parameter reason: without what nobody may read.
  package static func record(failure reason: String, ofSchedule path: String, options: Options) {
    guard !NamedFile(path).isStream, let bytes = try? SourceText.bytes(of: path),
      let name = ScheduleDocument.statedName(bytes)
    else { return }
    let folder = NightlyFolder(checkpoints: options.checkpoints, name: name)
    let now = options.surroundings.now()
    guard folder.isThere, let lock = try? FileLock(path: folder.lock, startedAt: now) else {
      return
    }
    defer { withExtendedLifetime(lock) {} }
    try? record(failure: reason, in: folder, now: now)
  }

  private static func record(
    failure reason: String, in folder: NightlyFolder, now: String
  ) throws(StoreError) {
    let log = DecisionLog(folder)
    let night = newNight(in: folder, try log.read().decisions, now: now)
    try log.append(
      Decision(
        night: night, time: now, outcome: .failed, reason: reason, champion: folder.linkedNight))
  }

  /// The name of a night that begins `now`.
  static func newNight(
    in folder: NightlyFolder, _ decisions: [Decision], now: String
  ) -> String {
    let known = Set(decisions.map(\.night))
    return NightName.unused(at: now) { FilePaths.isTaken(folder.file($0)) || known.contains($0) }
  }

  /// Records what `night` has failed by, and lets go of what is of no use of it.
  func record(_ error: any Error, of night: String, _ log: DecisionLog) throws(StoreError) {
    let outcome: Decision.Outcome
    if case NightFailure.dataRefused = error { outcome = .stopped } else { outcome = .failed }
    // A night that has computed nothing, or whose data are not to be used, leaves nothing behind.
    if FilePaths.isTaken(folder.file(night)),
      outcome == .stopped || !FilePaths.exists(folder.night(night).manifest)
    {
      try NightRetention.remove(night, from: folder)
    }
    let decision = Decision(
      night: night, time: options.surroundings.now(), outcome: outcome,
      reason: Secrets(settings).hidden(in: "\(error)"), champion: folder.linkedNight)
    do {
      try log.append(decision)
    } catch {
      // On a full disk the night's own folder makes the room; and what is not there looks not interrupted.
      guard error.isFull, FilePaths.isTaken(folder.file(night)) else { throw error }
      try NightRetention.remove(night, from: folder)
      try log.append(decision)
    }
  }
}
