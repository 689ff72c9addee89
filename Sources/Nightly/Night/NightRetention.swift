import Glibc
import Runs
import Schedules
import Storage

/// Lets go of nights that no policy keeps; of those it counts as the last, ones that served come before ones that did
/// not. Whatever it says, these stay: the champion, the sound one before it, every night that the last decision names,
/// one that was exported or that another run, or a study, begins with, and one that is not decided on yet.
package struct NightRetention {
  /// What becomes of one night.
  package struct Verdict: Sendable, Equatable {
    package let night: String
    /// What speaks for it; nothing where it goes.
    package let reasons: [String]
    /// Bytes that become free where it goes; 0 for a night that stays.
    package let bytes: Int

    package var isKept: Bool { !reasons.isEmpty }
  }

  /// What is appended to the name of a night that is being removed.
  private static let goneSuffix = ".gone"

  let folder: NightlyFolder
  private let keep: CheckpointSettings.Keep

  package init(_ folder: NightlyFolder, keep: CheckpointSettings.Keep) {
    self.folder = folder
    self.keep = keep
  }

  /// Says what would go; nothing is changed. The oldest night comes first.
  ///
  /// - Parameter decisions: oldest first.
  package func preview(_ decisions: [Decision]) -> [Verdict] {
    preview(decisions, notes(of: folder.nights))
  }

  private func preview(
    _ decisions: [Decision], _ notes: [String: CheckpointPins.Contents]
  ) -> [Verdict] {
    let nights = folder.nights
    let last = decisions.last
    let champion = folder.linkedNight
    let predecessor = predecessor(of: champion, decisions)
    // Of a night that failed nothing can be used.
    let isUsed = last.map { $0.isOfNetwork || $0.changesService } == true
    let named = [
      isUsed ? last?.night : nil, last?.champion, last?.incumbent?.night, last?.challenger?.night,
    ]
    let decided = Set(decisions.map(\.night))
    var kept: [String: [RetentionPolicy.Reason]] = [:]
    if case .some(let policy) = keep {
      // Nights that served come first, so that refused ones do not take their places.
      let served = NightHistory.served(by: decisions).filter(nights.contains)
      let chain = served + nights.reversed().filter { !served.contains($0) }
      kept = policy.kept(ofItems: items(decisions), chain: chain)
    }
    let pinned = pinned(nights, notes)
    return nights.map { night in
      var reasons: [String] = []
      if night == champion { reasons.append("champion") }
      if night == predecessor { reasons.append("predecessor") }
      if named.contains(night) { reasons.append("named by the last decision") }
      if !decided.contains(night) { reasons.append("not decided") }
      reasons += CheckpointPins.Reason.allCases.filter { pinned[night]?.contains($0) == true }
        .map(\.rawValue)
      reasons += (kept[night] ?? []).map(\.rawValue)
      if case .all = keep { reasons.append("all") }
      return Verdict(
        night: night, reasons: reasons, bytes: reasons.isEmpty ? bytes(of: folder.file(night)) : 0)
    }
  }

  /// Lets go of what nothing keeps; the caller has the lock.
  ///
  /// - Throws: `StoreError`.
  package func run(_ decisions: [Decision]) throws -> [Verdict] {
    for name in FilePaths.entries(of: folder.path) where name.hasSuffix(Self.goneSuffix) {
      try Self.remove(folder.file(name))
    }
    try removeLocks()
    let notes = notes(of: folder.nights)
    return try preview(decisions, notes).map { verdict in
      try verdict.isKept ? verdict : remove(verdict, notes[verdict.night])
    }
  }

  /// Lets go of the night of `verdict`; one of which other things are noted than `notes` stays: something has come to
  /// depend on it meanwhile. Nothing can be noted of it any more once it has another name.
  ///
  /// - Returns: what became of it.
  private func remove(_ verdict: Verdict, _ notes: CheckpointPins.Contents?) throws -> Verdict {
    let night = verdict.night
    let new: CheckpointPins.Contents? =
      try CheckpointPins(of: folder.night(night)).whileFixed { contents in
        if contents != notes { return contents }
        try Self.putAway(night, in: folder)
        return nil
      }
    if let new {
      let reasons = Set(new.notes.map(\.reason))
      return Verdict(
        night: night,
        reasons: CheckpointPins.Reason.allCases.filter(reasons.contains).map(\.rawValue), bytes: 0)
    }
    try Self.finishRemoval(of: night, from: folder)
    return verdict
  }

  /// Removes the folder of `night`, under another name first: what is half removed is no night.
  static func remove(_ night: String, from folder: NightlyFolder) throws(StoreError) {
    try putAway(night, in: folder)
    try finishRemoval(of: night, from: folder)
  }

  private static func putAway(_ night: String, in folder: NightlyFolder) throws(StoreError) {
    try DurableFile.move(folder.file(night), to: folder.file(night) + goneSuffix)
  }

  private static func finishRemoval(
    of night: String, from folder: NightlyFolder
  ) throws(StoreError) {
    try remove(folder.file(night) + goneSuffix)
    try DurableFile.remove(folder.night(night).lock)
  }

  /// Removes the locks of nights that are gone: a killed process leaves them behind.
  private func removeLocks() throws(StoreError) {
    for name in FilePaths.entries(of: folder.path) where name.hasSuffix(".lock") {
      let night = String(name.dropLast(".lock".count))
      if NightName.isOne(night), !FilePaths.isTaken(folder.file(night)),
        !FileLock.isHeld(path: folder.file(name))
      {
        try DurableFile.remove(folder.file(name))
      }
    }
  }

  /// What the policy can keep: nights with a network.
  private func items(_ decisions: [Decision]) -> [RetentionPolicy.Item] {
    var known: [String: Decision] = [:]
    for decision in decisions where decision.isOfNetwork { known[decision.night] = decision }
    return folder.nights.compactMap { night in
      guard let decision = known[night] else { return nil }
      let value = decision.challenger?.value
      let isBetterAbove = decision.comparison?.metric == PromotionSettings.Metric.accuracy.rawValue
      return RetentionPolicy.Item(
        key: night, finishedAt: decision.time, loss: value.map { isBetterAbove ? -$0 : $0 })
    }
  }

  private func bytes(of path: String) -> Int {
    guard FilePaths.linkTarget(path) == nil, FilePaths.isFolder(path) else {
      return FilePaths.bytesFreed(byRemoving: path)
    }
    return FilePaths.entries(of: path).reduce(0) { $0 + bytes(of: path + "/" + $1) }
  }

  private static func remove(_ path: String) throws(StoreError) {
    if FilePaths.linkTarget(path) == nil, FilePaths.isFolder(path) {
      for name in FilePaths.entries(of: path) { try remove(path + "/" + name) }
      if rmdir(path) != 0, errno != ENOENT {
        throw StoreError(operation: "remove", path: path, code: errno)
      }
    } else {
      try DurableFile.remove(path)
    }
  }
}
