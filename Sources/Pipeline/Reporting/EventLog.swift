import Formats
import NeuralNetworks

/// `events.jsonl`: one event a line, appended. It is a log for people and scripts; nothing is ever
/// read back from it, so a last line lost in a power cut does no harm.
package struct EventLog {
  private let path: String

  package init(path: String) { self.path = path }

  /// Appends `event`.
  ///
  /// - Throws: `StoreError`.
  package func append(_ event: PipelineEvent) throws(StoreError) {
    var json = event.json
    json["time"] = .string(Timestamp.now)
    try DurableFile.append(Array((json.canonical + "\n").utf8), to: path)
  }
}

extension PipelineEvent {
  /// The event as an object whose member `event` names it.
  package var json: JSONValue {
    switch self {
    case .runStarted(let name, let stages, let toDo):
      [
        "event": "run_started", "name": .string(name), "stages": JSONValue(stages),
        "to_do": JSONValue(toDo),
      ]
    case .stageStarted(let stage, let epochs):
      ["event": "stage_started", "stage": .string(stage.name), "epochs": JSONValue(epochs)]
    case .stageResumed(let stage, let epoch, let step):
      [
        "event": "stage_resumed", "stage": .string(stage.name), "epoch": JSONValue(epoch),
        "step": JSONValue(step),
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
    case .stageFinished(let stage, let record):
      ["event": "stage_finished", "stage": .string(stage.name), "record": record.json]
    case .warning(let text):
      ["event": "warning", "text": .string(text)]
    case .runFinished(let name, let computed, let seconds):
      [
        "event": "run_finished", "name": .string(name), "computed": JSONValue(computed),
        "wall_clock_seconds": JSONValue(seconds),
      ]
    }
  }
}
