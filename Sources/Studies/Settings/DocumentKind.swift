import Runs
import Schedules
import Storage

/// What a YAML file says: a schedule is run, a study is compared.
package enum DocumentKind: Sendable {
  case schedule
  case study

  /// The kind of the file at `path`, by the keys that only one of them has; nil for what cannot be read,
  /// or is a pipe, which gives its content only once.
  package init?(path: String) {
    guard !NamedFile(path).isStream, let bytes = try? SourceText.bytes(of: path) else { return nil }
    self.init(bytes)
  }

  init?(_ bytes: [UInt8]) {
    guard let root = try? ScheduleDocument(bytes).root, case .mapping(let entries) = root.content
    else { return nil }
    let keys = Set(entries.map(\.key))
    // Studies of ways to prune need not say their kind.
    switch (keys.contains("stages"), keys.contains("criteria") || keys.contains("kind")) {
    case (true, false): self = .schedule
    case (false, true): self = .study
    case (true, true): return nil
    case (false, false):
      // Something is missing in it, and it is a study if nothing of a schedule is called like one of its keys.
      if keys.isDisjoint(with: Self.keysOfStudies) { return nil }
      self = .study
    }
  }

  /// Keys of studies of any kind that stand nowhere in a schedule.
  private static var keysOfStudies: Set<String> {
    Set(StudyKind.allCases.flatMap { StudySettings.description(of: $0).keys })
      .subtracting(RunSchedule.description.places.flatMap(\.keys))
  }
}
