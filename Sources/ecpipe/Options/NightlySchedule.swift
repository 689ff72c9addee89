import Nightly
import Runs
import Storage
import Synchronization

/// A schedule that is to run every night, read and checked with its data.
struct NightlySchedule {
  /// The schedule's name.
  let name: String
  /// The environment variables that it reads and that are set here, sorted.
  let variables: [String]
  /// What should be known of its data.
  let notices: [Notice]

  /// Reads and checks the schedule at `path`.
  ///
  /// - Throws: what `RunSession.feasiblePreview` throws, `ScheduleError`, `NightFailure`.
  init(path: String, checkpoints: String) throws {
    let read = VariablesRead()
    var surroundings = Surroundings.process
    surroundings.environment = { read.value(of: $0) }
    let session = try RunSession(
      schedulePath: path,
      options: RunSession.Options(
        checkpoints: checkpoints, surroundings: surroundings, continueCommand: ""))
    let settings = try NightSession.settings(of: session, at: path)
    let preview = try session.feasiblePreview()
    if let reason = settings.promote.obstacle(targets: preview.plan.facts.targets) {
      throw NightFailure.severalTargets(schedule: path, reason: reason)
    }
    name = preview.plan.name
    notices = preview.notices
    variables = read.names
  }
}

extension NightlySchedule {
  /// Why every night of `session` would be refused or decide nothing, a sentence each; nothing where it has no
  /// nights.
  static func obstacles(
    _ session: RunSession, _ facts: DataFacts, at path: String
  ) -> [String] {
    guard let settings = session.schedule.nightly else { return [] }
    var found: [String] = []
    do {
      _ = try NightSession.settings(of: session, at: path)
    } catch let failure as NightFailure {
      found.append("every night would be refused: \(failure)")
    } catch {
      // A variable that hooks name has to be set at night, not here.
    }
    if let reason = settings.promote.obstacle(targets: facts.targets) {
      found.append("every night would be refused: \(reason)")
    }
    let least = settings.guarding.minRows
    if facts.trainingSamples < least {
      let outcome = settings.guarding.action == .stop ? "refused" : "warned of"
      found.append(
        "every night would be \(outcome): \(counted(facts.trainingSamples, "row")) to train on, "
          + "nightly.guard.min_rows is \(least)")
    }
    let part = settings.promote.part
    let judged = (part == .validation ? facts.validationSamples : facts.testSamples) ?? 0
    if judged < settings.promote.minRows {
      found.append(
        "no night would decide anything: the \(part.rawValue) part has \(counted(judged, "row")), "
          + "nightly.promote.min_rows is \(settings.promote.minRows)")
    }
    return found
  }
}

/// Which environment variables were asked for.
///
/// A class, because who asks has it from who looks.
private final class VariablesRead: Sendable {
  private let found = Mutex<Set<String>>([])

  /// The value of `name`, which is noted where it has one.
  func value(of name: String) -> String? {
    let value = Output.environment(name)
    if value != nil { found.withLock { _ = $0.insert(name) } }
    return value
  }

  var names: [String] { found.withLock { $0.sorted() } }
}
