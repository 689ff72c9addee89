import Storage

/// What starts jobs.
package enum JobPlace: String, Sendable, CaseIterable {
  /// The calling user's crontab.
  case crontab
  /// The system's systemd.
  case system
  /// The calling user's own systemd.
  case user

  /// As a word in sentences.
  package var text: String {
    switch self {
    case .crontab: "the crontab"
    case .system: "the system's systemd"
    case .user: "the user's systemd"
    }
  }
}

/// A nightly job as it is found where it was installed; what somebody has changed there by hand is seen.
package struct InstalledJob: Sendable, Equatable {
  package let name: String
  package let place: JobPlace
  /// The time as it stands there: `02:30`, or what else somebody has written; nil where there is none.
  package let at: String?
  /// The command and its words; empty where none can be read.
  package let words: [String]

  /// A job that was found.
  package init(name: String, place: JobPlace, at: String?, words: [String]) {
    self.name = name
    self.place = place
    self.at = at
    self.words = words
  }

  package var program: String? { words.first }
  package var schedule: String? { words.count > 2 && words[1] == "run" ? words[2] : nil }
  package var checkpoints: String? { value(of: "--checkpoints") }
  package var log: String? { value(of: "--log") }

  /// Whether the program is there; false where none can be read.
  package var hasProgram: Bool {
    program.map { FilePaths.exists($0) && !FilePaths.isFolder($0) } ?? false
  }
  /// Whether the schedule is there; false where none can be read.
  package var hasSchedule: Bool { schedule.map(FilePaths.exists) ?? false }

  /// The form in `cron list --json`.
  package var json: JSONValue {
    [
      "at": JSONValue(at), "checkpoints": JSONValue(checkpoints),
      "has_program": .bool(hasProgram), "has_schedule": .bool(hasSchedule),
      "log": JSONValue(log), "name": .string(name), "place": .string(place.rawValue),
      "program": JSONValue(program), "schedule": JSONValue(schedule),
    ]
  }

  private func value(of option: String) -> String? {
    guard let index = words.firstIndex(of: option), index + 1 < words.count else { return nil }
    return words[index + 1]
  }
}
