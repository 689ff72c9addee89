import ModelFiles
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

  /// Stops the night, or says so, where a file is not fit to be read.
  func guardFiles(_ work: Work) throws(NightFailure) {
    let found = FileGuard(settings.guarding, now: options.surroundings.now())
      .findings(probe.dataFiles)
    try act(on: found, work)
  }

  /// Stops the night, or says so, where the rows are not fit to be trained on.
  ///
  /// - Returns: what is said.
  func guardRows(_ data: RunData, _ work: Work) throws(NightFailure) -> [String] {
    let champion = folder.linkedNight.flatMap { DataProfile(in: folder.night($0)) }
    let found = DataGuard(settings.guarding).findings(
      DataProfile(data, like: champion), against: champion)
    try act(on: found, work)
    return found
  }

  private func act(on found: [String], _ work: Work) throws(NightFailure) {
    if found.isEmpty { return }
    // A forced night goes on, as one that only warns.
    if settings.guarding.action == .stop, !options.isForced { throw .dataRefused(found) }
    found.forEach { work.say("warning: \($0)") }
  }

  /// Lets go of nights and checkpoints that nothing keeps. The decision is made, so what cannot go now is
  /// said and goes another night.
  func tidy(_ decisions: [Decision], _ work: Work) {
    do {
      let gone = try NightRetention(folder, keep: settings.keep).run(decisions)
        .filter { !$0.isKept }
      if !gone.isEmpty {
        let bytes = gone.reduce(0) { $0 + $1.bytes }
        work.say("let go of \(gone.map(\.night).joined(separator: ", ")): \(bytes) bytes")
      }
      guard let night = decisions.last?.night, case .some = probe.keep else { return }
      let plan = try session(of: night).preview().plan
      _ = try GarbageCollection(
        folder: folder.night(night), keep: probe.keep, plan: plan,
        surroundings: options.surroundings
      ).run()
    } catch {
      work.say("warning: not everything that should go has gone: \(error)")
    }
  }

  /// Writes the files that were asked for beside the network of `night`.
  func export(_ night: String) throws {
    guard !settings.exports.isEmpty else { return }
    let run = folder.night(night)
    let state = try StoredModel(path: run.result).state
    try FilePaths.makeFolders(run.file("exports"))
    for name in settings.exports {
      guard let format = ModelFormats.writing(name) else {
        preconditionFailure("the schedule admits no other names")
      }
      do {
        try DurableFile.write(
          try format.bytes(of: state, saysTask: true), to: run.file("exports/" + name))
      } catch let error as ModelFileError {
        throw RunFailure.failed(stage: "promotion", reason: "\(name): \(error)")
      }
    }
  }
}
