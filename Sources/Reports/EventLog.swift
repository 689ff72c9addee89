import NeuralNetworks
import Runs
import Storage

/// `events.jsonl`: one event a line, appended. It is a log for people and scripts; no result depends on
/// it, so a last line lost in a power cut does no harm.
package struct EventLog {
  private let path: String
  private let now: @Sendable () -> String

  /// - Parameter now: the time that an event is noted with.
  package init(path: String, now: @escaping @Sendable () -> String) {
    self.path = path
    self.now = now
  }

  /// Removes a last line that a killed run could not finish, so that every line is an event.
  ///
  /// - Throws: `StoreError`.
  package func removeTornLine() throws(StoreError) { try DurableFile.removeTornLine(of: path) }

  /// Appends `event`.
  ///
  /// - Throws: `StoreError`.
  package func append(_ event: PipelineEvent) throws(StoreError) {
    var json = event.json
    json["time"] = .string(now())
    try DurableFile.append(Array((json.canonical + "\n").utf8), to: path)
  }
}

/// Records events and passes them on.
///
/// A class, because it remembers between events whether the log has failed: the log is for people, so
/// a run does not end because it cannot be written, but says so once.
package final class LoggingSink {
  private let log: EventLog
  private let next: EventSink
  private var isOpen = false
  private var hasFailed = false

  package init(log: EventLog, next: @escaping EventSink) {
    self.log = log
    self.next = next
  }

  package func receive(_ event: PipelineEvent) {
    next(event)
    if !event.isLogged { return }
    do {
      if !isOpen { try log.removeTornLine() }
      isOpen = true
      try log.append(event)
    } catch {
      if !hasFailed {
        next(.warning("the run goes on, but events are missing in its log: \(error)"))
      }
      hasFailed = true
    }
  }
}

extension PipelineEvent {
  /// Whether the log has the event: a run that finds everything done leaves no trace, and how far a stage is
  /// is of use only while it is.
  fileprivate var isLogged: Bool {
    switch self {
    case .runStarted(_, _, let toDo, _): toDo > 0
    case .runFinished(_, let computed, _): computed > 0
    case .advanced: false
    default: true
    }
  }

  /// The event as an object whose member `event` names it.
  package var json: JSONValue {
    switch self {
    case .runStarted(let name, let stages, let toDo, _):
      [
        "event": "run_started", "name": .string(name), "stages": JSONValue(stages),
        "to_do": JSONValue(toDo),
      ]
    case .estimated(let estimate):
      ["event": "estimated", "plan": estimate.json]
    case .stageStarted(let stage, let epochs):
      ["event": "stage_started", "stage": .string(stage.name), "epochs": JSONValue(epochs)]
    case .stageResumed(let stage, let epoch, let step):
      [
        "event": "stage_resumed", "stage": .string(stage.name), "epoch": JSONValue(epoch),
        "step": JSONValue(step),
      ]
    case .advanced(let stage, let advance):
      [
        "event": "advanced", "stage": .string(stage.name), "share": JSONValue(advance.share),
      ]
    case .epochFinished(let stage, let report, let epochs):
      [
        "event": "epoch_finished", "stage": .string(stage.name), "epoch": JSONValue(report.epoch),
        "epochs": JSONValue(epochs), "training_loss": JSONValue(report.trainingLoss),
        "validation": report.validation?.json ?? .null,
        "learning_rate": JSONValue(report.learningRate),
      ]
    case .progressSaved(let stage, let epoch, let step, let bytes):
      [
        "event": "progress_saved", "stage": .string(stage.name), "epoch": JSONValue(epoch),
        "step": JSONValue(step), "bytes": JSONValue(bytes),
      ]
    case .layersTimed(let stage, let times):
      ["event": "layers_timed", "stage": .string(stage.name), "times": times.json]
    case .weightsPruned(let stage, let report):
      [
        "event": "weights_pruned", "stage": .string(stage.name), "report": report.json,
      ]
    case .networkShrunk(let stage, let report):
      ["event": "network_shrunk", "stage": .string(stage.name), "report": report.json]
    case .stageFinished(let stage, let record):
      ["event": "stage_finished", "stage": .string(stage.name), "record": record.json]
    case .trialStarted(let stage, let place):
      [
        "event": "trial_started", "stage": .string(stage.name),
        "trial": JSONValue(place.trial.number), "base": JSONValue(place.base),
        "step": JSONValue(place.trial.step), "from": JSONValue(place.trial.from),
        "weights": JSONValue(place.trial.kept), "rolled_back": .bool(place.trial.isRollback),
      ]
    case .trialTested(let stage, let verdict):
      [
        "event": "trial_tested", "stage": .string(stage.name), "verdict": verdict.json,
        "reason": .string(verdict.description),
      ]
    case .searchFinished(let stage, let report):
      ["event": "search_finished", "stage": .string(stage.name), "report": report.json]
    case .notice(let notice):
      ["event": .string(notice.word), "text": .string(notice.text)]
    case .runFinished(let name, let computed, let seconds):
      [
        "event": "run_finished", "name": .string(name), "computed": JSONValue(computed),
        "wall_clock_seconds": JSONValue(seconds),
      ]
    case .runEnded(.stopped(let stage)):
      ["event": "run_stopped", "stage": .string(stage)]
    case .runEnded(.failed(let message)):
      ["event": "run_failed", "message": .string(message)]
    }
  }
}
