import Storage
import Synchronization

/// `events.jsonl` of a study: what began, what ended and what failed, a line each, appended. Best effort:
/// a study does not end because its log cannot be written.
///
/// A class, because several threads write to it in turn.
package final class StudyLog: Sendable {
  private let path: String
  private let now: @Sendable () -> String
  private let turn = Mutex(())

  /// - Parameter now: the time that an event is noted with.
  package init(path: String, now: @escaping @Sendable () -> String) {
    self.path = path
    self.now = now
    try? DurableFile.removeTornLine(of: path)
  }

  /// Notes `event`, if it is one of those that are noted.
  package func note(_ event: StudyEvent) {
    guard var json = event.json else { return }
    json["time"] = .string(now())
    let line = Array((JSONValue.object(json).canonical + "\n").utf8)
    turn.withLock { _ in try? DurableFile.append(line, to: path) }
  }
}

extension StudyEvent {
  /// An object whose member `event` names it; nil for what is not noted.
  fileprivate var json: JSONObject? {
    switch self {
    case .started(let name, let cells, let all):
      cells == 0
        ? nil
        : [
          "event": "study_started", "name": .string(name), "to_do": JSONValue(cells),
          "cells": JSONValue(all),
        ]
    case .workStarted(let text): ["event": "work_started", "text": .string(text)]
    case .workFailed(let text, let message):
      ["event": "work_failed", "text": .string(text), "message": .string(message)]
    case .denseTrained(let text, let seconds, _):
      ["event": "work_ended", "text": .string(text), "seconds": JSONValue(seconds)]
    case .cellMeasured(let cell, let result, _):
      ["event": "work_ended", "text": .string(cell.text), "seconds": JSONValue(result.seconds)]
    case .warning(let text): ["event": "warning", "text": .string(text)]
    case .failed(let message): ["event": "study_failed", "message": .string(message)]
    case .interrupted: ["event": "study_interrupted"]
    }
  }
}

/// What the log says of a study's last call that had something to do.
package struct StudyHistory: Sendable, Equatable {
  /// A network that could not be done.
  package struct Failure: Sendable, Equatable {
    package let text: String
    package let message: String
  }

  /// Whether there was one.
  package private(set) var hasBegun = false
  /// What had begun and not ended, in the order of beginning.
  package private(set) var begun: [String] = []
  /// What failed.
  package private(set) var failed: [Failure] = []
  /// Why the call ended early; nil where it did not fail.
  package private(set) var message: String?

  /// What is read of the log.
  private static let endLength = 1 << 20

  /// Reads the end of the log at `path`.
  package init(path: String) {
    guard let file = try? OpenFile(path),
      let end = try? file.bytes(max(0, file.size - Self.endLength)..<file.size)
    else { return }
    for line in end.split(separator: UInt8(ascii: "\n")) {
      guard let json = try? JSONValue(parsing: Array(line)), let event = json["event"]?.stringValue
      else { continue }
      let text = json["text"]?.stringValue ?? ""
      switch event {
      case "study_started": (hasBegun, begun, failed, message) = (true, [], [], nil)
      case "work_started": begun.append(text)
      case "work_ended": begun.removeAll { $0 == text }
      case "work_failed":
        begun.removeAll { $0 == text }
        failed.append(Failure(text: text, message: json["message"]?.stringValue ?? ""))
      case "study_failed": message = json["message"]?.stringValue
      default: break
      }
    }
  }
}
