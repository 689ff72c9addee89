import NumericCore
import Runs
import Storage

/// A change of the champion by hand: recorded first, verified before and after. Given again after it was
/// ended between the two, it is finished and not made twice.
package struct ServiceChange {
  private let folder: NightlyFolder
  private let service: Service
  private let pool: WorkerPool
  private let surroundings: Surroundings
  private let say: (String) -> Void

  /// - Parameter say: takes what has to be known beside the decision, as sentences.
  package init(
    _ folder: NightlyFolder, pool: WorkerPool, surroundings: Surroundings,
    say: @escaping (String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.say = say
    self.pool = pool
    service = Service(folder, pool: pool)
    self.surroundings = surroundings
  }

  /// Puts the network of `night` into service whatever was decided.
  ///
  /// - Throws: `LockHeld`, `RunFailure.missing`, `.damaged`, `.invalid` where it is in service already.
  @discardableResult
  package func promote(_ night: String) throws -> Decision {
    try change(to: { _ in night }, .promoted, finishing: { $0.champion == night }) {
      "promoted by hand; before it \($0 ?? "none") was in service"
    }
  }

  /// Puts an earlier network back: that of `night`, or the one before the champion.
  ///
  /// - Throws: as `promote` does; `RunFailure.invalid` where there is none before it.
  @discardableResult
  package func rollBack(to night: String?) throws -> Decision {
    try change(
      to: { try night ?? predecessor($0) }, .rolledBack,
      finishing: { night == nil ? $0.outcome == .rolledBack : $0.champion == night }
    ) {
      "rolled back by hand from \($0 ?? "none")"
    }
  }

  private func change(
    to find: ([Decision]) throws -> String, _ outcome: Decision.Outcome,
    finishing isThis: (Decision) -> Bool, _ reason: (String?) -> String
  ) throws -> Decision {
    let lock = try FileLock(path: folder.lock, startedAt: surroundings.now())
    defer { withExtendedLifetime(lock) {} }
    let history = try NightHistory(ofLocked: folder)
    let standing = history.standing
    var decisions = history.decisions
    if case .lost = standing {
      if let text = standing.text { say("\(folder.name): \(text)") }
      decisions += try LostDecisions(folder, service, surroundings)
        .recorded(beside: decisions, with: DecisionLog(folder))
    }
    if case .pending(let pending, _) = standing {
      do {
        if let done = try service.finish(standing) {
          say("\(folder.name): a change that was not finished is finished: \(done)")
        }
        if isThis(pending) { return pending }
      } catch  where !isThis(pending) {
        // Another one is wanted, so that this one is damaged is no obstacle.
      }
    }
    let night = try find(decisions)
    guard history.nights.contains(night) else { throw missing(night, decisions) }
    let before = folder.linkedNight
    if night == before {
      throw RunFailure.invalid("\(folder.path): the network of \(night) is in service already")
    }
    let known = NightHistory.judged(night, in: decisions)
    do {
      try service.check(night, digest: known?.sha256)
    } catch RunFailure.damaged(let file, let reason) {
      throw RunFailure.damaged(file: file, reason: "\(reason); \(wayBack(decisions))")
    }
    try NightExports(folder.night(night), pool: pool).complete(surroundings).forEach(say)
    let decision = Decision(
      night: night, time: surroundings.now(), outcome: outcome, isForced: true,
      reason: reason(before), champion: night, championDigest: known?.sha256, challenger: known,
      incumbent: NightHistory.judged(before, in: decisions))
    try DecisionLog(folder).append(decision)
    try service.put(night, digest: known?.sha256)
    return decision
  }

  /// Why there is no folder of `night`.
  private func missing(_ night: String, _ decisions: [Decision]) -> RunFailure {
    let wasThere = decisions.contains { $0.night == night && $0.isOfNetwork }
    return .missing(
      path: folder.file(night),
      what: wasThere
        ? "it was let go, by nightly.keep or ecpipe gc; \(wayBack(decisions))"
        : "ecpipe history lists the nights of \(folder.name)")
  }

  /// The networks that were in service, are there and are sound, as a clause; those that somebody has rolled back
  /// from only where there is no other.
  private func wayBack(_ decisions: [Decision]) -> String {
    let nights = folder.nights
    let rejected = NightHistory.rejected(by: decisions)
    func digest(of night: String) -> String? {
      NightHistory.judged(night, in: decisions)?.sha256
    }
    let sound = NightHistory.served(by: decisions).filter { night in
      night != folder.linkedNight && nights.contains(night)
        && (try? service.check(night, digest: digest(of: night))) != nil
    }
    let good = sound.filter { digest(of: $0).map(rejected.contains) != true }
    if sound.isEmpty { return "no other network that was in service is left" }
    let listed = (good.isEmpty ? sound : good).joined(separator: ", ")
    return "you can go back to: \(listed) (ecpipe rollback \(folder.name) --to NIGHT)"
      + (good.isEmpty ? ", though somebody has rolled back from there" : "")
  }

  /// The night that was in service before the one that is now.
  private func predecessor(_ decisions: [Decision]) throws(RunFailure) -> String {
    let line = NightHistory.line(of: decisions)
    let place = folder.linkedNight.flatMap { line.lastIndex(of: $0) } ?? line.count
    guard place > 0 else {
      let others = folder.nights.filter {
        $0 != folder.linkedNight && NightHistory.judged($0, in: decisions) != nil
      }
      throw .invalid(
        "\(folder.path): no other network was in service before"
          + (others.isEmpty
            ? ", and there is no other night with a network to go back to"
            : "; name another night with --to: \(others.joined(separator: ", "))"))
    }
    return line[place - 1]
  }
}
