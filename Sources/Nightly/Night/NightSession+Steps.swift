import Runs
import Schedules
import Storage

/// The parts of a night that stand for themselves.
extension NightSession {
  /// The session of the run in the folder of `night`.
  func session(of night: String) throws -> RunSession {
    let run = folder.night(night)
    return try session(in: run, start: FilePaths.exists(run.start) ? run.start : nil)
  }

  /// The session of the schedule in the folder `run`, for the network at `start`.
  func session(in run: RunFolder, start: String?) throws -> RunSession {
    var options = options.ofRun(in: folder.path)
    options.folder = run
    options.start = start
    return try RunSession(schedulePath: schedulePath, options: options)
  }

  /// The night that was interrupted and can go on; one that cannot is decided on.
  func unfinished(
    _ decisions: [Decision], digest: String, _ log: DecisionLog, _ work: Work
  ) throws -> String? {
    guard let name = NightHistory.open(among: folder.nights, decisions) else { return nil }
    guard NightNote(in: folder.night(name)) != nil else {
      // Half made, and nothing was computed.
      try NightRetention.remove(name, from: folder)
      return nil
    }
    let manifest = try CheckpointStore.soundManifest(of: folder.night(name)).manifest
    let change =
      manifest.map { $0.data.facts.digest == digest } ?? true
      ? splitChange(since: name) ?? settingsChange(since: name) ?? startChange(of: name, decisions)
      : "its data are gone"
    guard let change else {
      work.say("\(name) was interrupted; it goes on")
      return name
    }
    // A finished one was not interrupted: only what was decided of it is not there.
    let what = isFinished(name) ? "its network is finished, undecided" : "it was interrupted"
    work.say("\(name): \(what), and \(change); a new night begins")
    try log.append(
      Decision(
        night: name, time: options.surroundings.now(),
        outcome: isFinished(name) ? .undecided : .abandoned,
        reason: "\(what), and \(change)", champion: folder.linkedNight))
    return nil
  }

  /// Why the network that `night` began with is none to go on from any more; nil where it is one still.
  func startChange(of night: String, _ decisions: [Decision]) -> String? {
    guard let note = NightNote(in: folder.night(night)), let start = note.start,
      decisions.contains(where: { $0.changesService && $0.champion == start }),
      decisions.contains(where: { $0.outcome == .rolledBack && $0.time >= note.startedAt }),
      !NightHistory.line(of: decisions).contains(start)
    else { return nil }
    return "the network that it began with, of \(start), was rolled back since"
  }

  /// Stops the night, or says so, where a file is not fit to be read.
  func guardFiles(_ work: Work) throws(NightFailure) -> Guarded {
    let found = FileGuard(settings.guarding, now: options.surroundings.now())
      .findings(probe.dataFiles)
    return Guarded(warnings: found, isForced: try act(on: found, work))
  }

  /// Stops the night `night`, or says so, where the rows are not fit to be trained on.
  ///
  /// - Returns: what is said.
  func guardRows(
    _ data: RunData, of night: String, _ work: Work
  ) throws(NightFailure) -> Guarded {
    var said: [String] = []
    var champion: DataProfile?
    if let incumbent = folder.linkedNight {
      champion = DataProfile(in: folder.night(incumbent))
      if champion == nil {
        said.append(
          "\(folder.night(incumbent).file(DataProfile.file)) is missing or damaged, so tonight's rows were "
            + "not compared with those of the champion; the next network that is promoted has one")
        work.say("warning: \(said[0])")
      }
    }
    let tonight = DataProfile(data, like: champion)
    work.drifts(champion.map { DataGuard.drifts(tonight, since: $0) } ?? [])
    let tally = data.rowHashes.map { hashes in
      let last = NightRows(in: folder)
      // A night that goes on has had these rows itself.
      return RowTally(NightRows(night, hashes), after: last?.night == night ? nil : last)
    }
    if let tally { work.say("\(night): \(tally.text)") }
    let found =
      TargetGuard.findings(data)
      + DataGuard(settings.guarding).findings(tonight, against: champion, tally: tally)
    return Guarded(warnings: said + found, isForced: try act(on: found, work))
  }

  /// - Returns: whether the night goes on only because somebody demands it.
  private func act(on found: [String], _ work: Work) throws(NightFailure) -> Bool {
    if found.isEmpty { return false }
    let isStop = settings.guarding.action == .stop
    if isStop, !options.isForced { throw .dataRefused(found) }
    found.forEach { work.say("warning: \($0)") }
    return isStop
  }

  /// Lets go of nights and checkpoints that nothing keeps. The decision is made, so what cannot go now is
  /// said and goes another night.
  func tidy(_ decisions: [Decision], _ work: Work) {
    makeRoom(decisions, work)
    do {
      guard let night = decisions.last?.night, case .some = probe.keep else { return }
      let plan = try session(of: night).preview().plan
      _ = try GarbageCollection(
        folder: folder.night(night), keep: probe.keep, plan: plan,
        surroundings: options.surroundings
      ).run()
    } catch {
      work.say(
        "warning: not every checkpoint that checkpoints.keep does not keep could be removed: \(error)"
      )
    }
  }

  /// Lets go of nights that nothing keeps: at the end of a night, and before one asks for space, because
  /// nights that fail leave folders and do not come to their end.
  func makeRoom(_ decisions: [Decision], _ work: Work) {
    do {
      let gone = try NightRetention(folder, keep: settings.keep).run(decisions)
        .filter { !$0.isKept }
      if gone.isEmpty { return }
      let bytes = gone.reduce(0) { $0 + $1.bytes }
      work.say(
        "removed \(gone.map(\.night).joined(separator: ", ")), which nightly.keep does not keep: \(bytes) bytes"
      )
    } catch {
      work.say(
        "warning: not every night that nightly.keep does not keep could be removed: \(error)")
    }
  }
}
