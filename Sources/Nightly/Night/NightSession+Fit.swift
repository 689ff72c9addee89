import Datasets
import Runs
import Schedules
import Storage

/// Whether tonight's data still fit the network that the night begins with.
extension NightSession {
  /// Tonight's run with its data.
  struct Prepared {
    let session: RunSession
    let preview: RunSession.Preview
    let data: RunData
    /// Why a new network was begun with in place of the one that was meant; nil where none was.
    var misfit: String?
  }

  /// Reads the data for the run of `night`. Where they have classes or columns that the network it begins with
  /// does not know, a new one is begun with, if a night may go on with such data.
  ///
  /// - Throws: `NightFailure.dataRefused` where it may not; what is wrong with the data themselves.
  func prepare(_ night: String, _ work: Work) throws -> Prepared {
    do {
      return try prepared(night)
    } catch {
      guard error is DatasetError || error.isInvalid,
        let start = NightNote(in: folder.night(night))?.start, (try? probe.loadData()) != nil
      else { throw error }
      let misfit = "the data do not fit the network of \(start) any more (\(error))"
      guard options.isForced || settings.guarding.action == .warn else {
        throw NightFailure.dataRefused([
          "\(misfit); nightly.guard.action=warn begins a new one, judged as a first network is"
        ])
      }
      work.say("warning: \(misfit); a new one is begun with")
      try NightRetention.remove(night, from: folder)
      try NightFolder(job: folder).make(
        night, from: .anew(misfit), by: recipe, startedAt: options.surroundings.now())
      var prepared = try prepared(night)
      prepared.misfit = misfit
      return prepared
    }
  }

  private func prepared(_ night: String) throws -> Prepared {
    let session = try session(of: night)
    let preview = try session.feasiblePreview()
    if let reason = settings.promote.obstacle(targets: preview.plan.facts.targets) {
      throw NightFailure.severalTargets(schedule: schedulePath, reason: reason)
    }
    return Prepared(session: session, preview: preview, data: try session.data(preview))
  }
}

extension Error {
  /// Whether it says that something cannot be done as it was asked for.
  fileprivate var isInvalid: Bool {
    if let error = self as? ScheduleError { return error.isOfData }
    return if let failure = self as? RunFailure, case .invalid = failure { true } else { false }
  }
}
