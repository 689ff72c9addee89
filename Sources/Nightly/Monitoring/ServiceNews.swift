import Runs
import Schedules
import Storage

/// Tells of a network that somebody has put into service by hand: a line in the log, and the command of
/// `hooks: promoted`, as after a night. What fails here is a warning: the network is in service.
package struct ServiceNews {
  private let folder: NightlyFolder
  private let surroundings: Surroundings
  /// What commands get.
  private let environment: [String: String]
  /// Takes sentences for the log.
  private let say: (String) -> Void

  package init(
    _ folder: NightlyFolder, surroundings: Surroundings, environment: [String: String],
    say: @escaping (String) -> Void
  ) {
    self.folder = folder
    self.surroundings = surroundings
    self.environment = environment
    self.say = say
  }

  /// Tells of `decision`.
  ///
  /// - Parameter json: of a report, for the command's standard input.
  package func tell(of decision: Decision, json: (NightReport) -> JSONValue) {
    say("\(decision.night): \(decision.reason)")
    var report = NightReport(name: folder.name, log: FilePaths.absolute(folder.log))
    report.take(decision)
    report.champion = folder.linkedNight
    do {
      guard let night = folder.nights.last(where: { FilePaths.exists(folder.night($0).manifest) })
      else { return }
      // The schedule as it is now, where the last night has read it: secrets stand nowhere else.
      let run = try RecordedRun(folder: folder.night(night))
      let session = try run.session(surroundings, goesOn: true)
      guard let settings = session.schedule.nightly, settings.hooks.hooks[.promoted] != nil else {
        return
      }
      if let problems = settings.problems(in: run.manifest.schedulePath) { throw problems }
      Monitoring(
        settings, folder: NamedFile(run.manifest.schedulePath).folder, environment: environment,
        say: say
      ).promotedByHand(report, json: json(report))
    } catch {
      say("warning: hooks: promoted: it was not called: \(HiddenAddress.masked("\(error)"))")
    }
  }
}
