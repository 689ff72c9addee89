import Foundation
import RunFixtures
import Runs
import Schedules

/// Schedules as texts, for tests.
enum ScheduleText {
  /// A small valid schedule; tests replace parts of it.
  static let small = SmallSchedule.text

  /// `small` with every pair's first text replaced by its second.
  static func small(_ changes: (String, String)...) -> String {
    changes.reduce(small) { text, change in
      precondition(text.contains(change.0), "\(change.0) is in the text")
      return text.replacingOccurrences(of: change.0, with: change.1)
    }
  }

  /// A valid schedule around what `data` says.
  static func of(data: String) -> String {
    """
    version: 1
    name: x
    data: {\(data)}
    model: {hidden: [3]}
    stages: [train: {epochs: 1}]
    """
  }

  /// Decodes `text` as the file `s.yaml`.
  static func decode(
    _ text: String, overrides: [String] = [], environment: [String: String] = [:]
  ) throws(ScheduleError) -> RunSchedule {
    try RunSchedule(
      Array(text.utf8), file: "s.yaml", overrides: overrides, environment: { environment[$0] })
  }

  /// What decoding `text` reports, one line a problem; empty if nothing is wrong.
  static func problems(
    _ text: String, overrides: [String] = [], environment: [String: String] = [:]
  ) -> [String] {
    do {
      _ = try decode(text, overrides: overrides, environment: environment)
      return []
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  /// The folder `pipelines` of the repository.
  static var pipelines: URL {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let pipelines = folder.appendingPathComponent("pipelines")
      if FileManager.default.fileExists(atPath: pipelines.path) { return pipelines }
    }
    preconditionFailure("the tests lie in the repository")
  }
}
