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
  let notes: [String]

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
    _ = try NightSession.settings(of: session, at: path)
    let preview = try session.feasiblePreview()
    name = preview.plan.name
    notes = preview.notes
    variables = read.names
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
