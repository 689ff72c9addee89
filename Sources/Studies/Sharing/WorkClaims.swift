import Glibc
import Runs
import Storage
import Synchronization

/// Who does which piece of a study's work: a file a piece, with the name of the worker that has it.
///
/// A claim spares work and decides nothing: where two workers do the same piece, because one was taken for
/// dead, their results are the same and count once. So clocks of several machines, and delays of a network file
/// system, can do no harm.
///
/// A class, because the threads of a worker share it.
package final class WorkClaims: Sendable {
  private let worker: StudyWorker
  /// How long a worker may show no sign of life before others take what it has.
  private let lease: Duration
  private let now: @Sendable () -> Duration
  /// The last sign of life of each worker that has something that is wanted, and since when it is that.
  private let signs = Mutex<[String: (sign: [UInt8]?, since: Duration)]>([:])

  /// - Parameter now: time by a clock of this machine.
  package init(of worker: StudyWorker, lease: Duration, now: @escaping @Sendable () -> Duration) {
    self.worker = worker
    self.lease = lease
    self.now = now
  }

  private func path(_ piece: String) -> String { worker.folder.claims + "/" + piece }

  /// Takes `piece`, a file's name, unless a worker that is alive has it.
  ///
  /// - Returns: whether this worker has it now, and no other thread of it had.
  /// - Throws: `StoreError`.
  package func take(_ piece: String) throws(StoreError) -> Bool {
    // In turn, because files of this worker's own stand between.
    try signs.withLock { (signs) throws(StoreError) in
      if try makeClaim(piece) { return true }
      // One that is gone was given back just now; one that cannot be read shows no sign of life.
      guard let holder = Self.holder(of: path(piece)), holder != worker.name,
        isLapsed(holder.isEmpty ? "unknown, of \(piece)" : holder, &signs),
        try remove(piece, of: holder)
      else { return false }
      return try makeClaim(piece)
    }
  }

  /// Gives `piece` back, if it is still this worker's.
  ///
  /// - Throws: `StoreError`.
  package func give(_ piece: String) throws(StoreError) {
    try signs.withLock { (_) throws(StoreError) in _ = try remove(piece, of: worker.name) }
  }

  private func makeClaim(_ piece: String) throws(StoreError) -> Bool {
    let own = worker.path + "/claim"
    try DurableFile.write(Array((worker.name + "\n").utf8), to: own)
    defer { _ = unlink(own) }
    return try ExclusiveName.link(own, as: path(piece))
  }

  /// Removes the claim of `holder` on `piece`; one that is another worker's by now is put back.
  private func remove(_ piece: String, of holder: String) throws(StoreError) -> Bool {
    let own = worker.path + "/removed"
    guard try ExclusiveName.take(path(piece), to: own) else { return false }
    // Something else than a file stays aside, under a name that is free again.
    defer { if unlink(own) != 0 { _ = rename(own, own + "-\(UInt32.random(in: .min ... .max))") } }
    if Self.holder(of: own) == holder { return true }
    _ = try ExclusiveName.link(own, as: path(piece))
    return false
  }

  /// Who has the claim at `path`; nil where there is none, empty where that cannot be read.
  fileprivate static func holder(of path: String) -> String? {
    do {
      guard let bytes = try FilePaths.readIfThere(path) else { return nil }
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      return lines.first.map(String.init) ?? ""
    } catch {
      return ""
    }
  }

  /// Whether `holder` has shown the same sign of life, or none, for a whole lease.
  private func isLapsed(
    _ holder: String, _ signs: inout [String: (sign: [UInt8]?, since: Duration)]
  ) -> Bool {
    let path = worker.folder.heartbeat(ofWorker: holder)
    let sign = (try? FilePaths.readIfThere(path)) ?? nil
    guard let known = signs[holder], known.sign == sign else {
      signs[holder] = (sign, now())
      return false
    }
    return now() - known.since > lease
  }
}

extension WorkFolder where Layout == StudyLayout {
  /// Removes the claims on all pieces but `kept`, once the work is done: a worker that was killed, or stopped, behind
  /// the last result of a piece has left its claim, and nobody takes up what is not open.
  package func removeClaims(but kept: String? = nil) {
    for piece in FilePaths.entries(of: claims) where piece != kept {
      _ = unlink(claims + "/" + piece)
    }
  }

  /// Removes the claims of workers that have shown no sign of life lately: they were killed. Where one is taken for dead
  /// that is not, a piece is done twice, which does no harm.
  func removeClaimsOfDeadWorkers() {
    let alive = Set(aliveWorkers)
    for piece in FilePaths.entries(of: claims) {
      let path = claims + "/" + piece
      if let holder = WorkClaims.holder(of: path), !alive.contains(holder) { _ = unlink(path) }
    }
  }
}
