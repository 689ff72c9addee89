import ModelFiles
import Runs
import Storage

/// What is in service before the night begins.
extension NightSession {
  /// Puts right what is in service: a change that was not finished is, a champion whose decision is lost is
  /// recorded, and one that is not sound gives way to the newest sound one that served.
  ///
  /// - Returns: all decisions, with those that this took, and what was found wrong with the champion that gave
  ///   way; nil where none did.
  /// - Throws: `StoreError`; `RunFailure.damaged` where something else stands in the link's place.
  func settle(
    _ content: DecisionLog.Content, _ log: DecisionLog, _ service: Service, _ work: Work
  ) throws -> (decisions: [Decision], alarm: String?) {
    var decisions = content.decisions
    var wanted = folder.linkedNight
    let standing = Standing(content, in: folder)
    switch standing {
    case .agreed: break
    case .pending(let decision, _): wanted = decision.champion
    case .lost:
      if let text = standing.text { work.say("warning: \(text)") }
      decisions += try LostDecisions(folder, service, options.surroundings)
        .recorded(beside: decisions, with: log)
    }
    guard let wanted else { return (decisions, nil) }
    let digest = NightHistory.digest(of: wanted, in: decisions)
    guard let objection = try service.objection(to: wanted, digest: digest) else {
      if let done = try service.finish(standing) { work.say(done) }
      return (decisions, nil)
    }
    let found = "the network in service, of \(wanted), is not sound (\(objection))"
    for night in NightHistory.line(of: decisions).reversed() where night != wanted {
      let digest = NightHistory.digest(of: night, in: decisions)
      guard try service.objection(to: night, digest: digest) == nil else { continue }
      let decision = Decision(
        night: night, time: options.surroundings.now(), outcome: .rolledBack,
        reason: "\(found), so the one before it is in service again", champion: night,
        championDigest: digest)
      try log.append(decision)
      try service.put(night, digest: digest)
      let alarm = "\(found); that of \(night) is in service in its place"
      work.alarm(alarm)
      return (decisions + [decision], alarm)
    }
    work.alarm(
      "\(found), and no network that served before is sound either; a new one is judged as a first network is"
    )
    return (decisions, nil)
  }

  /// Whether the network of `night` is finished, whatever was decided of it.
  func isFinished(_ night: String) -> Bool { folder.hasNetwork(of: night) }
}
