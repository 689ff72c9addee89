import Runs
import Storage

/// What the log of a run says of its last call: best effort, as the log itself is.
package struct RunHistory: Sendable, Equatable {
  /// The end of a call that did not come to the end of the schedule.
  package private(set) var ending: RunEnding?
  /// The last epoch that ended: `train, epoch 3 of 40`.
  package private(set) var epoch: String?

  /// Whether the last call came to the end of the schedule.
  package private(set) var isFinished = false

  /// What is read of the log, which grows with every epoch.
  private static let endLength = 1 << 16

  /// The message of a failure.
  package var message: String? {
    if case .failed(let message) = ending { message } else { nil }
  }

  /// Reads the end of the log in `folder`.
  package init(_ folder: RunFolder) {
    for line in OpenFile.end(of: folder.events, count: Self.endLength).split(
      separator: UInt8(ascii: "\n")
    ).reversed() {
      guard let json = try? JSONValue(parsing: Array(line)), let event = json["event"]?.stringValue
      else { continue }
      if event == "epoch_finished", epoch == nil, let stage = json["stage"]?.stringValue,
        let number = json["epoch"]?.intValue, let epochs = json["epochs"]?.intValue
      {
        epoch = "\(stage), epoch \(number) of \(epochs)"
      }
      if event == "run_failed" { ending = .failed(json["message"]?.stringValue ?? "") }
      if event == "run_finished" { isFinished = true }
      if event == "run_stopped" { ending = .stopped(behind: json["stage"]?.stringValue ?? "") }
      if ["run_started", "run_finished", "run_failed", "run_stopped"].contains(event) { return }
    }
  }
}
