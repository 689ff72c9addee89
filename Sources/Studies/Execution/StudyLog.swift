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
    case .advanced: nil
    case .workStarted(let text): ["event": "work_started", "text": .string(text)]
    case .workFailed(let text, let message):
      ["event": "work_failed", "text": .string(text), "message": .string(message)]
    case .denseTrained(let text, let seconds, _):
      ["event": "work_ended", "text": .string(text), "seconds": JSONValue(seconds)]
    case .cellMeasured(let cell, let result, _):
      ["event": "work_ended", "text": .string(cell.text), "seconds": JSONValue(result.seconds)]
    case .notice(let notice): ["event": .string(notice.word), "text": .string(notice.text)]
    case .failed(let message): ["event": "study_failed", "message": .string(message)]
    case .interrupted: ["event": "study_interrupted"]
    }
  }
}
